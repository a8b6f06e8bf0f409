// SIGUSR2 starts a successor on the same socket; when that one says through a pipe that it serves, this one drains and leaves.
// WARM_MS is how long a successor takes to start. With BROKEN=1 every successor fails; LEAVE_ANYWAY=1 then is the mistake of not asking whether it came up.
package main

import (
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
	"zerodrop.example/go/handoff"
)

func main() {
	if handoff.IsSuccessor() && os.Getenv("BROKEN") == "1" {
		log.Fatal("the new version cannot start: its configuration is wrong")
	}
	if warm, err := time.ParseDuration(os.Getenv("WARM_MS") + "ms"); err == nil && handoff.IsSuccessor() {
		time.Sleep(warm) // Filling its caches.
	}
	socket := handoff.Listener(app.Listener)
	server := drain.New(socket, app.Handler())
	go server.Serve()
	handoff.Ready()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2, syscall.SIGTERM)
	for received := range signals {
		if received == syscall.SIGUSR2 {
			if err := replace(socket); err != nil && os.Getenv("LEAVE_ANYWAY") != "1" {
				log.Print(err)
				continue // It goes on serving: a failed upgrade is no outage.
			}
		}
		break
	}
	if err := server.Drain(600*time.Millisecond, 8*time.Second); err != nil {
		log.Fatal(err)
	}
}

func replace(socket net.Listener) error {
	successor, err := handoff.Start(socket)
	if err != nil {
		return err
	}
	return successor.WaitReady(5 * time.Second)
}
