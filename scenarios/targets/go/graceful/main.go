// github.com/tylerb/graceful: on SIGTERM stop accepting, and wait for what is under way. graceful.Run, as its README shows it, opens the
// listening socket by itself: between stop and start nobody listens. INHERITED=1 is the cure: serve on a socket from the outside.
//
// A module of its own, so that the targets beside it need nothing from the network to be built.
package main

import (
	"log"
	"net/http"
	"os"
	"time"

	"github.com/tylerb/graceful"
	"zerodrop.example/go/app"
)

func main() {
	if os.Getenv("INHERITED") != "1" {
		graceful.Run("127.0.0.1:"+os.Getenv("PORT"), 8*time.Second, app.Handler())
		return
	}
	server := &graceful.Server{Timeout: 8 * time.Second, Server: &http.Server{Handler: app.Handler()}}
	if err := server.Serve(app.Listener()); err != nil {
		log.Fatal(err)
	}
}
