// Package drain ends an http.Server without a client noticing. Copy it; it needs nothing but the standard library.
//
// Why http.Server.Shutdown alone is not enough: it closes idle kept-alive connections at once. A client that is just writing its
// next request on one of them gets no answer. So each client is told first, by "Connection: close" on its next answer, not to use
// the connection again. (SetKeepAlivesEnabled(false) does not help: it closes idle connections at once, too.)
package drain

import (
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
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if server.draining.Load() {
			w.Header().Set("Connection", "close")
		}
		handler.ServeHTTP(w, r)
	})
	return server
}

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
