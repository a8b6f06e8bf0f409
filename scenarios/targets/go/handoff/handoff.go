// Package handoff starts a successor that inherits the listening socket.
package handoff

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"time"

	"zerodrop.example/go/app"
)

const (
	listenerFD = 3
	readyFD    = 4
	inherited  = "HANDOFF"
)

// IsSuccessor tells whether this process was started by Start.
func IsSuccessor() bool { return os.Getenv(inherited) != "" }

// Listener is the inherited listening socket in a successor, and in the first process the one that it opens by itself.
func Listener(open func() net.Listener) net.Listener {
	if IsSuccessor() {
		return app.FromFile(listenerFD)
	}
	return open()
}

// Ready tells the predecessor that this process serves.
func Ready() {
	if !IsSuccessor() {
		return
	}
	pipe := os.NewFile(readyFD, "ready")
	io.WriteString(pipe, "ready")
	pipe.Close()
}

// Successor is a process that was started and has yet to say that it serves.
type Successor struct {
	process *exec.Cmd
	ready   *os.File
}

// Start starts this program again, with the listening socket.
func Start(listener net.Listener) (*Successor, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return StartProgram(program, listener)
}

// StartProgram starts a program as the successor, with the listening socket.
func StartProgram(program string, listener net.Listener) (*Successor, error) {
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		return nil, err
	}
	defer socket.Close()
	ready, tell, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer tell.Close()
	process := exec.Command(program, os.Args[1:]...)
	process.Stdout, process.Stderr = os.Stdout, os.Stderr
	process.Env = append(os.Environ(), inherited+"=1")
	process.ExtraFiles = []*os.File{socket, tell}
	if err := process.Start(); err != nil {
		ready.Close()
		return nil, err
	}
	return &Successor{process, ready}, nil
}

// WaitReady waits until the successor serves. One that ends before is an error at once: the pipe ends with it.
func (s *Successor) WaitReady(limit time.Duration) error {
	defer s.ready.Close()
	s.ready.SetReadDeadline(time.Now().Add(limit))
	word := make([]byte, 5)
	if _, err := io.ReadFull(s.ready, word); err != nil {
		s.process.Process.Kill()
		s.process.Wait()
		return errors.Join(errors.New("the successor did not become ready"), err)
	}
	return nil
}
