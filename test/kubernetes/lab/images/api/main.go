// Command api is a small HTTP server as a Deployment runs it: x-instance is the pod's name, SIGTERM drains.
// "api sleep 3" sleeps, for a preStop hook in an image that has no shell.
//
// With --account=FOLDER it keeps an account there, in a file of its own name: one byte for each request of a client that it answered
// (probes are not counted). It is written before the answer, so that it is right also when the server is killed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "sleep" {
		seconds, _ := strconv.ParseFloat(os.Args[2], 64)
		time.Sleep(time.Duration(seconds * float64(time.Second)))
		return
	}
	listen := flag.String("listen", ":8080", "address")
	closes := flag.Bool("close", false, "on SIGTERM close at once, instead of draining")
	failReady := flag.Bool("unready", false, "answer /readyz with 503 after SIGTERM")
	linger := flag.Duration("linger", 0, "go on accepting so long after SIGTERM before draining")
	deaf := flag.Bool("deaf", false, "ignore SIGTERM")
	accounts := flag.String("account", "", "folder to keep an account in")
	start := flag.Duration("start", 0, "takes so long before it listens")
	flag.Parse()

	name, _ := os.Hostname()
	var leaving atomic.Bool
	account := func() {}
	if *accounts != "" {
		file, err := os.OpenFile(filepath.Join(*accounts, name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
		if err != nil {
			log.Fatal(err)
		}
		account = func() { file.Write([]byte{'.'}) }
	}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, r *http.Request) {
		if ms, err := strconv.Atoi(r.URL.Query().Get("ms")); err == nil {
			time.Sleep(time.Duration(ms) * time.Millisecond)
		}
		w.Header().Set("x-instance", name)
		if r.URL.Path != "/healthz" {
			account()
		}
		fmt.Fprintf(w, "ok %s\n", os.Getenv("VERSION"))
	}
	mux.HandleFunc("/", answer)
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("x-instance", name)
		if *failReady && leaving.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	time.Sleep(*start)
	server := &http.Server{Addr: *listen, Handler: mux}
	ended := make(chan struct{})
	go func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		<-signals
		log.Printf("SIGTERM")
		if *deaf {
			return
		}
		leaving.Store(true)
		time.Sleep(*linger)
		if *closes {
			server.Close()
		} else {
			context, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			log.Printf("Shutdown: %v", server.Shutdown(context))
		}
		close(ended)
	}()
	log.Printf("%s listens on %s", name, *listen)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	<-ended
}
