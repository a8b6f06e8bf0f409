// SIGHUP reloads within one process: Shutdown first, listen again afterwards. Nobody listens in between.
//
// KEEP=1 keeps a copy of the listening socket: the next server accepts on it before the last one drains.
package main

import (
	"context"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM)
	if os.Getenv("KEEP") == "1" {
		keepListening(signals)
		return
	}
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

func keepListening(signals <-chan os.Signal) {
	listener := app.Listener()
	var draining sync.WaitGroup
	for {
		kept := copyOf(listener)
		server := drain.New(listener, app.Handler())
		go server.Serve()
		received := <-signals
		if received == syscall.SIGHUP {
			time.Sleep(50 * time.Millisecond) // Reading its configuration, while the last one serves.
			app.Instance = app.NewInstance()
		}
		draining.Add(1)
		go func() {
			defer draining.Done()
			if err := server.Drain(600*time.Millisecond, 8*time.Second); err != nil {
				log.Print(err)
			}
		}()
		if received == syscall.SIGTERM {
			kept.Close()
			draining.Wait()
			return
		}
		listener = kept
	}
}

// copyOf is another descriptor of the same socket, with the same queue: closing one of them resets nobody.
func copyOf(listener net.Listener) net.Listener {
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	other, err := net.FileListener(file)
	if err != nil {
		log.Fatal(err)
	}
	return other
}
