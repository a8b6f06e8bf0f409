// github.com/cloudflare/tableflip: SIGHUP starts a successor that inherits the listening socket, and Exit is told when that is ready.
// As in the README of that library, the process then simply ends, in the middle of whatever it is answering. DRAIN=1 is the cure:
// announce the end, and wait for what is under way (its longer example waits, too, but announces nothing).
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

	"github.com/cloudflare/tableflip"
	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

func main() {
	upg, err := tableflip.New(tableflip.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer upg.Stop()
	go func() {
		sig := make(chan os.Signal, 1)
		signal.Notify(sig, syscall.SIGHUP)
		for range sig {
			if err := upg.Upgrade(); err != nil {
				log.Println("upgrade failed:", err)
			}
		}
	}()
	listener, err := upg.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close()

	if os.Getenv("DRAIN") != "1" {
		go http.Serve(listener, app.Handler())
		ready(upg)
		<-upg.Exit()
		return
	}
	server := drain.New(listener, app.Handler())
	go server.Serve()
	ready(upg)
	<-upg.Exit()
	if err := server.Drain(600*time.Millisecond, 8*time.Second); err != nil {
		log.Fatal(err)
	}
}

func ready(upg *tableflip.Upgrader) {
	if err := upg.Ready(); err != nil {
		log.Fatal(err)
	}
}
