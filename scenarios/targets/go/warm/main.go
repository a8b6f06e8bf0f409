// A program that needs 1.5 s to fill its caches; whoever asks it before has to wait. On SIGUSR2 its successor says that it is ready
// as soon as it listens, and takes over cold. WARM_FIRST=1 is the cure: it is ready when it is warm.
package main

import (
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

func main() {
	warm := make(chan struct{})
	go func() {
		time.Sleep(1500 * time.Millisecond) // Filling its caches.
		close(warm)
	}()
	if os.Getenv("WARM_FIRST") == "1" || !handoff.IsSuccessor() {
		<-warm
	}
	socket := handoff.Listener(app.Listener)
	server := drain.New(socket, waitingFor(warm, app.Handler()))
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

// waitingFor lets the healthcheck pass at once, and everything else only when the caches are full.
func waitingFor(warm <-chan struct{}, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			<-warm
		}
		next.ServeHTTP(w, r)
	})
}
