// github.com/facebookgo/grace: SIGUSR2 starts a successor that inherits the listening socket; when that serves, it ends its parent by
// SIGTERM, which waits for what is under way, but closes idle kept-alive connections at once. ANNOUNCE=1 is the cure: answer with
// "Connection: close" for a while before the successor is started, in the one place where the library lets its user do something.
//
// A module of its own, so that the targets beside it need nothing from the network to be built.
package main

import (
	"log"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/facebookgo/grace/gracehttp"
	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

func main() {
	var draining atomic.Bool
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: drain.Announcing(app.Handler(), &draining)}
	announce := func() error {
		if os.Getenv("ANNOUNCE") == "1" {
			draining.Store(true)
			time.Sleep(600 * time.Millisecond)
		}
		return nil
	}
	if err := gracehttp.ServeWithOptions([]*http.Server{server}, gracehttp.PreStartProcess(announce)); err != nil {
		log.Fatal(err)
	}
}
