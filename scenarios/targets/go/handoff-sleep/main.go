// SIGUSR2 starts a successor on the same socket, and a fixed time.Sleep stands for its readiness: it needs 900 ms to start, and the
// old process leaves after 300.
package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
	"zerodrop.example/go/handoff"
)

func main() {
	socket := handoff.Listener(app.Listener)
	if handoff.IsSuccessor() {
		time.Sleep(900 * time.Millisecond) // Filling its caches.
	}
	server := drain.New(socket, app.Handler())
	go server.Serve()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2, syscall.SIGTERM)
	if <-signals == syscall.SIGUSR2 {
		if _, err := handoff.Start(socket); err != nil {
			panic(err)
		}
		time.Sleep(300 * time.Millisecond) // "That should be enough."
	}
	server.Drain(600*time.Millisecond, 8*time.Second)
}
