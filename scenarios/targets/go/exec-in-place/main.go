// SIGUSR2 executes the program again in the same process; only the listening socket stays open. DRAIN=1 first lets everything
// under way end, while new connections wait in the queue of the socket.
package main

import (
	"log"
	"net"
	"os"
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
	if os.Getenv("DRAIN") == "1" || received == syscall.SIGTERM {
		server.Drain(600*time.Millisecond, 8*time.Second)
	}
	if received == syscall.SIGTERM {
		return
	}
	program, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	os.Setenv(inheritedFD, strconv.Itoa(kept))
	log.Fatal(syscall.Exec(program, os.Args, os.Environ()))
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
