// SPDX-License-Identifier: MIT
#include "server.h"

#include "payments.h"
#include "store.h"

namespace sfluv::server {
namespace {

constexpr std::size_t test_threads = 4;

}  // namespace

Server::Server(const ServerOptions& options)
    : databases_(options.database_path),
      settings_(options.profile, options.now_s),
      services_{.databases = databases_,
                .settings = settings_,
                .faucet = faucet_,
                .mailbox = mailbox_,
                .paying = paying_,
                .limits = options.limits},
      api_({.secret = options.secret, .allowed_origins = options.allowed_origins}, services_,
           faults_, log_) {
  {
    auto database = databases_.lease();
    create_schema(*database);
  }
  pay_what_was_left(services_);
  if (options.has_test_endpoints) open_test_bench(options);
  const HostOptions api_options{.port = options.port,
                                .threads = options.threads,
                                .idle_ms_max = options.idle_ms_max,
                                .body_bytes_max = options.body_bytes_max};
  api_host_ = std::make_unique<HttpHost>(api_options, [this](Exchange& exchange) {
    const bool is_test = test_bench_ != nullptr && TestBench::serves(exchange.request.path);
    is_test ? test_bench_->handle(exchange) : api_.handle(exchange);
  });
}

void Server::open_test_bench(const ServerOptions& options) {
  const auto listen = [this](bool accepts) {
    accepts ? api_host_->listener().resume() : api_host_->listener().pause();
  };
  test_bench_ = std::make_unique<TestBench>(TestBench::Parts{.secret = options.secret,
                                                             .services = services_,
                                                             .faucet = faucet_,
                                                             .mailbox = mailbox_,
                                                             .faults = faults_,
                                                             .log = log_,
                                                             .listen = listen});
  const HostOptions test_options{.port = 0,
                                 .threads = test_threads,
                                 .idle_ms_max = options.idle_ms_max,
                                 .body_bytes_max = options.body_bytes_max};
  test_host_ = std::make_unique<HttpHost>(
      test_options, [this](Exchange& exchange) { test_bench_->handle(exchange); });
}

Server::~Server() { stop(); }

std::optional<int> Server::test_port() const {
  if (test_host_ == nullptr) return std::nullopt;
  return test_host_->listener().port();
}

void Server::stop() {
  faults_.stop();
  faucet_.stop();
  // The test endpoints first: they could start the API's listener again.
  if (test_host_ != nullptr) test_host_->listener().stop();
  api_host_->listener().stop();
}

}  // namespace sfluv::server
