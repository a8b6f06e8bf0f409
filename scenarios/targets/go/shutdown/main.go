// SIGTERM and http.Server.Shutdown, as the documentation shows it. DRAIN_MS announces the end first; SHUTDOWN_MS is its timeout.
package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

func main() {
	server := drain.New(app.Listener(), app.Handler())
	stop, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		if announce := milliseconds("DRAIN_MS", 0); announce > 0 {
			if err := server.Drain(announce, milliseconds("SHUTDOWN_MS", 8000)); err != nil {
				log.Fatal(err)
			}
		} else {
			ctx, cancel := context.WithTimeout(context.Background(), milliseconds("SHUTDOWN_MS", 8000))
			defer cancel()
			if err := server.Shutdown(ctx); err != nil {
				log.Fatal(err)
			}
		}
		close(done)
	}()
	log.Print(server.Serve())
	<-done
}

func milliseconds(name string, otherwise int) time.Duration {
	count, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		count = otherwise
	}
	return time.Duration(count) * time.Millisecond
}
