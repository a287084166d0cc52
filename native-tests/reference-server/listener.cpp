// SPDX-License-Identifier: MIT
#include "listener.h"

#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sfluv::server {
namespace {

constexpr int backlog = 128;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int bound_socket(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  // SO_REUSEADDR only: SO_REUSEPORT would let two servers share a port without a word.
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    close(fd);
    errno = error;
    fail("bind");
  }
  return fd;
}

int port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("getsockname");
  return ntohs(address.sin_port);
}

}  // namespace

Listener::Listener(int port, std::size_t threads, Serve serve) : serve_(std::move(serve)) {
  reserved_fd_ = bound_socket(port);
  port_ = port_of(reserved_fd_);
  pool_ = std::make_unique<httplib::ThreadPool>(threads);
  try {
    open();
  } catch (...) {
    pool_->shutdown();
    close(reserved_fd_);
    throw;
  }
}

Listener::~Listener() { stop(); }

void Listener::open() {
  listen_fd_ = bound_socket(port_);
  if (listen(listen_fd_, backlog) != 0) {
    const int error = errno;
    close(listen_fd_);
    listen_fd_ = -1;
    errno = error;
    fail("listen");
  }
  accepting_ = true;
  acceptor_ = std::thread{[this, fd = listen_fd_] { accept_all(fd); }};
}

void Listener::pause() {
  const std::lock_guard lock{state_mutex_};
  if (listen_fd_ < 0) return;
  accepting_ = false;
  shutdown(listen_fd_, SHUT_RDWR);  // wakes accept
  acceptor_.join();
  close(listen_fd_);
  listen_fd_ = -1;
  const std::lock_guard open_lock{open_mutex_};
  for (const int fd : open_) shutdown(fd, SHUT_RD);
}

void Listener::resume() {
  const std::lock_guard lock{state_mutex_};
  if (listen_fd_ < 0 && pool_ != nullptr) open();
}

void Listener::stop() {
  pause();
  const std::lock_guard lock{state_mutex_};
  if (pool_ == nullptr) return;
  pool_->shutdown();
  pool_.reset();
  close(reserved_fd_);
}

void Listener::accept_all(int fd) {
  while (accepting_) {
    const int peer = accept4(fd, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) {
      // Out of descriptors, or the peer went away already: not a reason to spin, nor to give up.
      if (accepting_) std::this_thread::sleep_for(std::chrono::milliseconds{5});
      continue;
    }
    const int on = 1;
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    {
      const std::lock_guard lock{open_mutex_};
      open_.insert(peer);
    }
    pool_->enqueue([this, peer] { serve_one(peer); });
  }
}

void Listener::serve_one(int fd) {
  if (accepting_) serve_(fd);
  {
    const std::lock_guard lock{open_mutex_};
    open_.erase(fd);
  }
  close(fd);
}

}  // namespace sfluv::server
