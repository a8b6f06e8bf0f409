// A server that replaces itself, with Go's standard library alone: on SIGUSR2 it starts its successor, hands it the listening
// socket, and leaves only when the successor says that it serves. A successor that fails changes nothing.
//
// Before Shutdown it answers with "Connection: close" for DRAIN_MS: Shutdown closes idle connections at once, and a client that
// is just writing its next request on one of them would get no answer.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// What a successor finds open: the listening socket, and a pipe on which it says that it serves.
const (
	socketFD = 3
	readyFD  = 4
)

const (
	readyWithin = 10 * time.Second
	limit       = 8 * time.Second
)

var (
	instance    = fmt.Sprintf("%d-%d", os.Getpid(), time.Now().UnixMilli())
	isSuccessor = os.Getenv("SUCCESSOR") == "1"
	draining    atomic.Bool
)

func main() {
	listener, err := listen()
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Handler: announcing(routes()), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) && !draining.Load() {
			log.Fatal(err)
		}
	}()
	if isSuccessor {
		sayReady()
	}

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2, syscall.SIGTERM)
	for received := range signals {
		if received == syscall.SIGUSR2 {
			if err := startSuccessor(listener); err != nil {
				log.Printf("The successor did not start (%v); process %d stays.", err, os.Getpid())
				continue
			}
		}
		leave(server, listener)
	}
}

// listen opens the port, or takes over the socket of the predecessor.
func listen() (*net.TCPListener, error) {
	if !isSuccessor {
		listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
		if err != nil {
			return nil, err
		}
		return listener.(*net.TCPListener), nil
	}
	file := os.NewFile(socketFD, "listener")
	defer file.Close()
	listener, err := net.FileListener(file)
	if err != nil {
		return nil, err
	}
	return listener.(*net.TCPListener), nil
}

// sayReady may be said before the first Accept: the socket listens already, and connections wait in its queue.
func sayReady() {
	pipe := os.NewFile(readyFD, "ready")
	defer pipe.Close()
	fmt.Fprint(pipe, "ready")
}

// startSuccessor returns when the successor serves, or says why it does not.
func startSuccessor(listener *net.TCPListener) error {
	socket, err := listener.File()
	if err != nil {
		return err
	}
	defer socket.Close()
	ready, theirs, err := os.Pipe()
	if err != nil {
		return err
	}
	defer ready.Close()

	self, err := os.Executable()
	if err != nil {
		return err
	}
	successor := exec.Command(self)
	successor.Env = append(os.Environ(), "SUCCESSOR=1")
	successor.Stdout, successor.Stderr = os.Stdout, os.Stderr
	successor.ExtraFiles = []*os.File{socket, theirs}
	err = successor.Start()
	theirs.Close()
	if err != nil {
		return err
	}
	// When it dies, the pipe ends: no need to watch it in another way.
	ready.SetReadDeadline(time.Now().Add(readyWithin))
	if _, err := io.ReadFull(ready, make([]byte, len("ready"))); err != nil {
		successor.Process.Kill()
		successor.Wait()
		return err
	}
	return nil
}

// leave stops accepting, lets every connection bring one more request, and ends when all are answered.
func leave(server *http.Server, listener *net.TCPListener) {
	draining.Store(true)
	listener.Close()
	time.Sleep(time.Duration(number(os.Getenv("DRAIN_MS"), 500)) * time.Millisecond)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
	os.Exit(0)
}

// announcing makes every answer say who gave it and, while draining, that its connection will be closed.
func announcing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		writer.Header().Set("X-Instance", instance)
		next.ServeHTTP(&announced{ResponseWriter: writer}, request)
	})
}

// announced looks whether the server drains when the answer is begun, not when the request came: a slow request that was there
// before would leave its connection open, unannounced, and idle when Shutdown closes it. (Who streams or hijacks: see drain/.)
type announced struct {
	http.ResponseWriter
	begun bool
}

func (w *announced) WriteHeader(status int) {
	if !w.begun && draining.Load() {
		w.Header().Set("Connection", "close")
	}
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *announced) Write(body []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(body)
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(writer http.ResponseWriter, _ *http.Request) { fmt.Fprintln(writer, "hello") })
	mux.HandleFunc("/healthz", func(writer http.ResponseWriter, _ *http.Request) { fmt.Fprintln(writer, "ok") })
	mux.HandleFunc("/slow", func(writer http.ResponseWriter, request *http.Request) {
		time.Sleep(time.Duration(number(request.FormValue("ms"), 300)) * time.Millisecond)
		fmt.Fprintln(writer, "slow hello")
	})
	return mux
}

func number(text string, otherwise int) int {
	if value, err := strconv.Atoi(text); err == nil && value >= 0 {
		return value
	}
	return otherwise
}
