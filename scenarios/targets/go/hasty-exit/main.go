// SIGTERM and http.Server.Shutdown, but main does not wait for it: Serve returns as soon as Shutdown is called, and main with it.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"zerodrop.example/go/app"
)

func main() {
	server := &http.Server{Handler: app.Handler()}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		server.Shutdown(context.Background())
	}()
	log.Print(server.Serve(app.Listener()))
}
