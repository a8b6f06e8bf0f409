// Package app is the service that all these targets are: what differs between them is only how they are restarted.
package app

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

// Instance differs from start to start, so that a client can tell who answered.
var Instance = NewInstance()

// NewInstance is a new mark.
func NewInstance() string {
	mark := make([]byte, 6)
	if _, err := rand.Read(mark); err != nil {
		log.Fatal(err)
	}
	return hex.EncodeToString(mark)
}

// Handler serves / at once, /slow after ?ms=300, and /healthz.
func Handler() http.Handler {
	mux := http.NewServeMux()
	hello := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Instance", Instance)
		fmt.Fprintln(w, "hello")
	}
	mux.HandleFunc("/", hello)
	mux.HandleFunc("/healthz", hello)
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		ms, err := strconv.Atoi(r.URL.Query().Get("ms"))
		if err != nil {
			ms = 300
		}
		time.Sleep(time.Duration(ms) * time.Millisecond)
		hello(w, r)
	})
	return mux
}

// Listener is the socket that was handed over as LISTEN_FDS says (sd_listen_fds(3)), or else a new one on PORT.
//
// LISTEN_PID is checked: the variables are inherited by every child of the process that they were meant for.
func Listener() net.Listener {
	if os.Getenv("LISTEN_PID") == strconv.Itoa(os.Getpid()) && os.Getenv("LISTEN_FDS") == "1" {
		return FromFile(3)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		log.Fatal(err)
	}
	return listener
}

// FromFile is the listening socket behind a file descriptor.
func FromFile(fd uintptr) net.Listener {
	file := os.NewFile(fd, "listener")
	defer file.Close()
	listener, err := net.FileListener(file)
	if err != nil {
		log.Fatal(err)
	}
	return listener
}
