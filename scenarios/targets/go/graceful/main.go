// github.com/tylerb/graceful: on SIGTERM stop accepting, and wait for what is under way. graceful.Run, as its README shows it, opens the
// listening socket by itself: between stop and start nobody listens. INHERITED=1 is the cure: serve on a socket from the outside, and
// let what was accepted last be read.
//
// A module of its own, so that the targets beside it need nothing from the network to be built.
package main

import (
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/tylerb/graceful"
	"zerodrop.example/go/app"
)

// unhurried tells the end of the listener a moment late. The library then closes all connections that it takes for idle, and one that was
// accepted just now is idle to it until its request has been read.
type unhurried struct{ net.Listener }

func (l unhurried) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		time.Sleep(200 * time.Millisecond)
	}
	return conn, err
}

func main() {
	if os.Getenv("INHERITED") != "1" {
		graceful.Run("127.0.0.1:"+os.Getenv("PORT"), 8*time.Second, app.Handler())
		return
	}
	server := &graceful.Server{Timeout: 8 * time.Second, Server: &http.Server{Handler: app.Handler()}}
	if err := server.Serve(unhurried{app.Listener()}); err != nil {
		log.Fatal(err)
	}
}
