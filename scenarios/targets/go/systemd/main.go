// github.com/coreos/go-systemd/activation: the listening socket comes from a systemd socket unit, as in that library's own example
// of an HTTP server. The example does not handle SIGTERM, so it dies in the middle of whatever it is answering.
// SHUTDOWN=1 is the cure: announce the end, wait, leave; the socket unit keeps what has yet to be accepted.
//
// A module of its own, so that the targets beside it need nothing from the network to be built.
package main

import (
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

func main() {
	listeners, err := activation.Listeners()
	if err != nil {
		log.Fatal(err)
	}
	if len(listeners) != 1 {
		log.Fatal("unexpected number of socket activation fds: ", len(listeners))
	}
	if os.Getenv("SHUTDOWN") != "1" {
		log.Fatal(http.Serve(listeners[0], app.Handler()))
	}
	server := drain.New(listeners[0], app.Handler())
	go server.Serve()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	if err := server.Drain(600*time.Millisecond, 8*time.Second); err != nil {
		log.Fatal(err)
	}
}
