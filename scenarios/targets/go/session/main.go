// Counts the visits of each client, who is known by a cookie. SIGUSR2 starts a successor on the same socket, without a loss. But
// where are the counts? In this process's memory, which the successor has never seen; or, with REDIS=host:port, in a store that
// both reach.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
	"zerodrop.example/go/handoff"
)

// counts is where visits are counted: add one to a session's, and tell how many they are.
type counts interface {
	add(session string) (int, error)
}

func main() {
	var visits counts = &memory{}
	if address := os.Getenv("REDIS"); address != "" {
		visits = &redis{address: address}
	}
	socket := handoff.Listener(app.Listener)
	server := drain.New(socket, counting(visits))
	go server.Serve()
	handoff.Ready()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2, syscall.SIGTERM)
	if <-signals == syscall.SIGUSR2 {
		successor, err := handoff.Start(socket)
		if err != nil {
			log.Fatal(err)
		}
		if err := successor.WaitReady(5 * time.Second); err != nil {
			log.Fatal(err)
		}
	}
	if err := server.Drain(600*time.Millisecond, 8*time.Second); err != nil {
		log.Fatal(err)
	}
}

func counting(visits counts) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", app.Handler())
	mux.HandleFunc("/count", func(w http.ResponseWriter, r *http.Request) {
		session, err := r.Cookie("session")
		if err != nil {
			session = &http.Cookie{Name: "session", Value: app.NewInstance(), HttpOnly: true}
			http.SetCookie(w, session)
		}
		count, err := visits.add(session.Value)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("X-Instance", app.Instance)
		fmt.Fprintln(w, count)
	})
	return mux
}
