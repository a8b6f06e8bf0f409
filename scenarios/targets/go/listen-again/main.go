// SIGHUP reloads within one process: Shutdown first, listen again afterwards. Nobody listens in between.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"zerodrop.example/go/app"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM)
	for {
		server := &http.Server{Handler: app.Handler()}
		go server.Serve(app.Listener())
		received := <-signals
		ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		if err := server.Shutdown(ctx); err != nil {
			log.Print(err)
		}
		cancel()
		if received == syscall.SIGTERM {
			return
		}
		time.Sleep(50 * time.Millisecond) // Reading its configuration.
		app.Instance = app.NewInstance()
	}
}
