// SPDX-License-Identifier: MIT
#include "connection.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace sfluv::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto linger_max = std::chrono::seconds{3};

void address_of(const sockaddr_in& address, std::string& ip, int& port) {
  std::array<char, INET_ADDRSTRLEN> text{};
  if (inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size()) != nullptr) ip = text.data();
  port = ntohs(address.sin_port);
}

}  // namespace

bool Connection::wait(short events, int ms_max) const {
  const auto end = Clock::now() + std::chrono::milliseconds{ms_max};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd entry{.fd = fd_, .events = events, .revents = 0};
    const int ready = poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(0, left)));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

bool Connection::wait_for_request(int ms_max) {
  return buffer_begin_ < buffer_end_ || wait(POLLIN, ms_max);
}

void Connection::drop() {
  dropped_ = true;
  closing_ = true;
  shutdown(fd_, SHUT_RDWR);
}

void Connection::linger() {
  shutdown(fd_, SHUT_WR);
  const auto end = Clock::now() + linger_max;
  while (Clock::now() < end && wait(POLLIN, idle_ms_max_)) {
    if (recv(fd_, buffer_.data(), buffer_.size(), 0) <= 0) return;
  }
}

bool Connection::is_readable() const {
  return buffer_begin_ < buffer_end_ || wait(POLLIN, idle_ms_max_);
}

bool Connection::is_writable() const { return !dropped_ && wait(POLLOUT, idle_ms_max_); }

ssize_t Connection::read(char* data, size_t size) {
  if (buffer_begin_ == buffer_end_) {
    if (!wait(POLLIN, idle_ms_max_)) return -1;
    ssize_t got = 0;
    do {
      got = recv(fd_, buffer_.data(), buffer_.size(), 0);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return got;
    buffer_begin_ = 0;
    buffer_end_ = static_cast<std::size_t>(got);
  }
  const std::size_t count = std::min(size, buffer_end_ - buffer_begin_);
  std::memcpy(data, buffer_.data() + buffer_begin_, count);
  buffer_begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* data, size_t size) {
  if (!is_writable()) return -1;
  ssize_t sent = 0;
  do {
    // A peer that is gone is an everyday event, not a reason for SIGPIPE. MSG_DONTWAIT: a peer that
    // reads slowly must not hold the thread beyond the time-out.
    sent = send(fd_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  return sent;
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getpeername(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0)
    address_of(address, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0)
    address_of(address, ip, port);
}

}  // namespace sfluv::server
