// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "database.h"
#include "faults.h"
#include "http_host.h"
#include "request_log.h"

namespace sfluv::server {

struct ControlOptions {
  std::string secret;
  std::function<std::int64_t()> now_s;
};

/// What tests need to set up, disturb and inspect the server. Never open to the network nor to web
/// pages, and only there when asked for:
///   POST /seed   {"workflows":n}                    -> {"workflows":[ids],"tokens":{user id:
///   token}} POST /fault  {"mode","ms","times","path_contains"} -> {"mode"} POST /reset everything
///   away, faults too GET  /record?workflow=ID                        ->
///   {"workflow":{...},"photos":[...]} GET  /requests                                  ->
///   {"requests":[...],"submissions":n}
class Control {
 public:
  Control(ControlOptions options, DatabasePool& databases, Faults& faults, RequestLog& log,
          Listener& listener)
      : options_(std::move(options)),
        databases_(databases),
        faults_(faults),
        log_(log),
        listener_(listener) {}

  void handle(Exchange& exchange);

 private:
  void respond(Exchange& exchange);
  void seed(Exchange& exchange);
  void fault(Exchange& exchange);
  void reset(Exchange& exchange);
  void record(Exchange& exchange);
  void requests(Exchange& exchange);

  ControlOptions options_;
  DatabasePool& databases_;
  Faults& faults_;
  RequestLog& log_;
  Listener& listener_;  // of the API
};

}  // namespace sfluv::server
