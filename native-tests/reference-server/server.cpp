// SPDX-License-Identifier: MIT
#include "server.h"

#include <chrono>

namespace sfluv::server {
namespace {

constexpr std::size_t control_threads = 4;
constexpr std::uint64_t control_body_bytes_max = 64 << 10;

}  // namespace

std::int64_t system_now_s() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch())
      .count();
}

Server::Server(const ServerOptions& options)
    : databases_(options.database_path),
      api_({.secret = options.secret,
            .allowed_origins = options.allowed_origins,
            .now_s = options.now_s,
            .profile = options.profile},
           databases_, faults_, log_) {
  {
    auto database = databases_.lease();
    create_schema(*database);
  }
  const HostOptions api_options{.port = options.port,
                                .threads = options.threads,
                                .idle_ms_max = options.idle_ms_max,
                                .body_bytes_max = options.body_bytes_max};
  api_host_ = std::make_unique<HttpHost>(api_options,
                                         [this](Exchange& exchange) { api_.handle(exchange); });
  if (!options.control_port) return;
  control_ =
      std::make_unique<Control>(ControlOptions{.secret = options.secret, .now_s = options.now_s},
                                databases_, faults_, log_, api_host_->listener());
  const HostOptions control_options{.port = *options.control_port,
                                    .threads = control_threads,
                                    .idle_ms_max = options.idle_ms_max,
                                    .body_bytes_max = control_body_bytes_max};
  control_host_ = std::make_unique<HttpHost>(
      control_options, [this](Exchange& exchange) { control_->handle(exchange); });
}

Server::~Server() { stop(); }

std::optional<int> Server::control_port() const {
  if (control_host_ == nullptr) return std::nullopt;
  return control_host_->listener().port();
}

void Server::stop() {
  faults_.stop();
  // The control first: it could start the API's listener again.
  if (control_host_ != nullptr) control_host_->listener().stop();
  api_host_->listener().stop();
}

}  // namespace sfluv::server
