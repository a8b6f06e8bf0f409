// The service that deploy.sh puts in place, version by version: each lies in a folder of its own with a file VERSION, and the link
// "current" tells which one is served. SIGUSR2 starts whatever "current" leads to by then, hands it the socket, and leaves when it is
// ready. A version whose name ends in -broken cannot start.
//
// "server -serves VERSION" is the healthcheck, so that a machine without curl can ask.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
	"zerodrop.example/go/handoff"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "-serves" {
		os.Exit(ask(os.Args[2]))
	}
	version := ownVersion()
	if strings.HasSuffix(version, "-broken") {
		log.Fatalf("%s cannot start: its configuration is wrong", version)
	}
	socket := handoff.Listener(app.Listener)
	next := app.Handler()
	server := drain.New(socket, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Version", version)
		next.ServeHTTP(w, r)
	}))
	go server.Serve()
	handoff.Ready()
	writePid()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2, syscall.SIGTERM)
	for received := range signals {
		if received == syscall.SIGUSR2 {
			if err := replace(socket); err != nil {
				log.Print(err)
				continue // A failed upgrade is no outage.
			}
		}
		break
	}
	if err := server.Drain(600*time.Millisecond, 8*time.Second); err != nil {
		log.Fatal(err)
	}
}

// ownVersion stands beside the program. os.Executable follows the link, and so stays right when "current" is switched.
func ownVersion() string {
	program, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	version, err := os.ReadFile(filepath.Join(filepath.Dir(program), "VERSION"))
	if err != nil {
		log.Fatal(err)
	}
	return strings.TrimSpace(string(version))
}

// replace starts what the link leads to now: os.Executable would start the old version again.
func replace(socket net.Listener) error {
	successor, err := handoff.StartProgram(os.Args[0], socket)
	if err != nil {
		return err
	}
	return successor.WaitReady(5 * time.Second)
}

// writePid tells deploy.sh whom to signal. Renamed into place, so that nobody reads half a number.
func writePid() {
	path := os.Getenv("PID_FILE")
	if err := os.WriteFile(path+".new", fmt.Appendln(nil, os.Getpid()), 0o644); err != nil {
		log.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		log.Fatal(err)
	}
}

func ask(version string) int {
	client := http.Client{Timeout: time.Second}
	answer, err := client.Get("http://127.0.0.1:" + os.Getenv("PORT") + "/healthz")
	if err != nil {
		return 1
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.Header.Get("X-Version") != version {
		return 1
	}
	return 0
}
