// SIGTERM and http.Server.Close, which cuts every connection.
package main

import (
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
		server.Close()
	}()
	log.Print(server.Serve(app.Listener()))
}
