// SIGHUP reads the configuration again, as many daemons have it: nothing is replaced, the process goes on. That is a good reload,
// and no restart: a new version of the program would not run. X-Config counts what was read.
package main

import (
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

func main() {
	var config atomic.Int64
	next := app.Handler()
	server := drain.New(app.Listener(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Config", strconv.FormatInt(config.Load(), 10))
		next.ServeHTTP(w, r)
	}))
	go server.Serve()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM)
	for received := range signals {
		if received == syscall.SIGTERM {
			break
		}
		config.Add(1) // Read, checked, and only then put in place of the old one.
	}
	if err := server.Drain(600*time.Millisecond, 8*time.Second); err != nil {
		log.Fatal(err)
	}
}
