// SIGUSR2 hands the socket over as it should, but then the old process calls Close and os.Exit: nothing is refused, and yet
// whatever it is answering is cut.
package main

import (
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/handoff"
)

func main() {
	socket := handoff.Listener(app.Listener)
	server := &http.Server{Handler: app.Handler()}
	go server.Serve(socket)
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
	server.Close()
	os.Exit(0)
}
