// Package drain ends an http.Server without a client noticing. Copy it; it needs nothing but the standard library.
//
// Why http.Server.Shutdown alone is not enough: it closes idle kept-alive connections at once. A client that is just writing its
// next request on one of them gets no answer. So each client is told first, by "Connection: close" on its next answer, not to use
// the connection again. (SetKeepAlivesEnabled(false) does not help: it closes idle connections at once, too.)
//
// Whether an answer says so is decided when it is begun, not when its request came: otherwise a slow request that was there before
// the drain would leave its connection open, unannounced, and idle when Shutdown closes it.
package drain

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Server is an http.Server that can be drained.
type Server struct {
	http.Server
	listener net.Listener
	draining atomic.Bool
}

// New prepares a server; Serve starts it.
func New(listener net.Listener, handler http.Handler) *Server {
	server := &Server{listener: listener}
	server.Handler = Announcing(handler, &server.draining)
	return server
}

// Announcing makes every answer that is begun while draining say that its connection will be closed.
func Announcing(next http.Handler, draining *atomic.Bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		announced := &writer{ResponseWriter: w, draining: draining}
		next.ServeHTTP(announced, r)
		announced.begin()
	})
}

// writer is a ResponseWriter that looks whether there is something to announce as late as it can.
type writer struct {
	http.ResponseWriter
	draining *atomic.Bool
	begun    bool
}

func (w *writer) begin() {
	if !w.begun && w.draining.Load() {
		w.Header().Set("Connection", "close")
	}
	w.begun = true
}

func (w *writer) WriteHeader(status int) {
	if status >= http.StatusOK {
		w.begin()
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *writer) Write(body []byte) (int, error) {
	w.begin()
	return w.ResponseWriter.Write(body)
}

// Flush is http.Flusher, for those who stream.
func (w *writer) Flush() {
	w.begin()
	http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack is http.Hijacker, for WebSockets. What is taken over is the business of whoever took it.
func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.begun = true
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Serve serves until Drain is called.
func (s *Server) Serve() error { return s.Server.Serve(s.listener) }

// Drain stops accepting, announces the end on every answer for a while, and then waits until nothing is left.
//
// Closing this process's copy of the listening socket leaves those who wait in its queue to the others who hold it. What it has
// accepted goes on: Serve returns, but its connections live.
func (s *Server) Drain(announce, limit time.Duration) error {
	s.draining.Store(true)
	s.listener.Close()
	time.Sleep(announce)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return s.Shutdown(ctx)
}
