// A good handover, and then a second SIGUSR2 while the old process still drains: somebody ran the deploy script twice. ONCE=1 refuses
// it. Without, the old process tries to hand over a socket that it has closed, and dies of the error with requests in flight.
package main

import (
	"log"
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
	server := drain.New(socket, app.Handler())
	go server.Serve()
	handoff.Ready()

	upgrade, stop, drained := make(chan os.Signal, 1), make(chan os.Signal, 1), make(chan error, 1)
	signal.Notify(upgrade, syscall.SIGUSR2)
	signal.Notify(stop, syscall.SIGTERM)
	leave := func() { drained <- server.Drain(3*time.Second, 8*time.Second) }
	draining := false
	for {
		select {
		case <-upgrade:
			if draining && os.Getenv("ONCE") == "1" {
				log.Print("an upgrade is under way: this process only drains")
				continue
			}
			successor, err := handoff.Start(socket)
			if err != nil {
				log.Fatal(err)
			}
			if err := successor.WaitReady(5 * time.Second); err != nil {
				log.Print(err)
				continue
			}
			draining = true
			go leave()
		case <-stop:
			if !draining {
				draining = true
				go leave()
			}
		case err := <-drained:
			if err != nil {
				log.Fatal(err)
			}
			return
		}
	}
}
