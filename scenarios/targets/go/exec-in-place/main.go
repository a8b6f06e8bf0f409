// SIGUSR2 executes the program again in the same process; only the listening socket stays open. DRAIN=1 first lets everything
// under way end, while new connections wait in the queue of the socket.
//
// PROGRAM names the next version. When it cannot be executed, the process dies of that; CHECK=1 looks first, and goes on serving.
package main

import (
	"log"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

const inheritedFD = "INHERITED_FD"

func main() {
	socket := listener()
	server := drain.New(socket, app.Handler())
	kept := keepOpen(socket)
	go server.Serve()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2, syscall.SIGTERM)
	received := <-signals
	for received == syscall.SIGUSR2 && os.Getenv("CHECK") == "1" {
		_, err := exec.LookPath(next())
		if err == nil {
			break
		}
		log.Printf("the next version cannot be executed (%v); this one goes on", err)
		received = <-signals
	}
	if os.Getenv("DRAIN") == "1" || received == syscall.SIGTERM {
		server.Drain(600*time.Millisecond, 8*time.Second)
	}
	if received == syscall.SIGTERM {
		return
	}
	os.Setenv(inheritedFD, strconv.Itoa(kept))
	log.Fatal(syscall.Exec(next(), os.Args, os.Environ()))
}

func next() string {
	if program := os.Getenv("PROGRAM"); program != "" {
		return program
	}
	program, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	return program
}

func listener() net.Listener {
	if fd, err := strconv.Atoi(os.Getenv(inheritedFD)); err == nil {
		return app.FromFile(uintptr(fd))
	}
	return app.Listener()
}

// keepOpen is a copy of the socket that survives execve.
func keepOpen(socket net.Listener) int {
	file, err := socket.(*net.TCPListener).File()
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	fd, err := syscall.Dup(int(file.Fd()))
	if err != nil {
		log.Fatal(err)
	}
	return fd
}
