// Two instances on one port with SO_REUSEPORT: each has a queue of its own, and the kernel gives a new connection to either. Closing
// a listening socket resets whoever still waits in its queue (unless net.ipv4.tcp_migrate_req is 1).
//
// STEER=1 lets the queue run empty first. A classic BPF program of one instruction makes the kernel give every new connection to the
// successor; what waits already is accepted as ever, and only then is the socket closed. Neither listen(2) with a backlog of 0 nor
// shutdown(2) can do that: the one makes clients wait a second for their next SYN, the other is the same as closing. What is left:
// a handshake that was begun before and takes longer than settle. Handing the socket over (SCM_RIGHTS, ExtraFiles) has no such rest.
package main

import (
	"context"
	"errors"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
	"unsafe"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

const (
	soReusePort           = 15 // SO_REUSEPORT
	soAttachReusePortCBPF = 51 // SO_ATTACH_REUSEPORT_CBPF
	settle                = 500 * time.Millisecond
	perAccept             = 5 * time.Millisecond
)

func main() {
	listener := listen()
	server := drain.New(limited{listener}, app.Handler())
	go server.Serve()

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	if os.Getenv("STEER") == "1" {
		if err := steer(listener, 1); err != nil {
			log.Fatal(err)
		}
		time.Sleep(settle)
	}
	if err := server.Drain(600*time.Millisecond, 8*time.Second); err != nil {
		log.Fatal(err)
	}
}

// limited accepts 200 connections a second at most, so that a burst waits in the queue for a while, as on a busy machine.
type limited struct{ *net.TCPListener }

func (l limited) Accept() (net.Conn, error) {
	time.Sleep(perAccept)
	return l.TCPListener.Accept()
}

func listen() *net.TCPListener {
	config := net.ListenConfig{Control: func(_, _ string, socket syscall.RawConn) error {
		var failed error
		err := socket.Control(func(fd uintptr) {
			failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, soReusePort, 1)
		})
		return errors.Join(err, failed)
	}}
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		log.Fatal(err)
	}
	return listener.(*net.TCPListener)
}

// steer makes the kernel give all new connections to one socket of the group, counted in the order in which they began to listen.
// When that one does not exist (any more, or yet), the kernel chooses as if there were no program.
func steer(listener *net.TCPListener, index uint32) error {
	program := []syscall.SockFilter{{Code: syscall.BPF_RET | syscall.BPF_K, K: index}}
	filter := syscall.SockFprog{Len: 1, Filter: &program[0]}
	socket, err := listener.SyscallConn()
	if err != nil {
		return err
	}
	var failed syscall.Errno
	err = socket.Control(func(fd uintptr) {
		_, _, failed = syscall.Syscall6(syscall.SYS_SETSOCKOPT, fd, syscall.SOL_SOCKET, soAttachReusePortCBPF,
			uintptr(unsafe.Pointer(&filter)), unsafe.Sizeof(filter), 0)
	})
	if failed != 0 {
		return failed
	}
	return err
}
