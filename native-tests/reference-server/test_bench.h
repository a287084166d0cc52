// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "sfluv/json.h"

#include "faucet.h"
#include "faults.h"
#include "http_host.h"
#include "mailbox.h"
#include "request_log.h"
#include "services.h"

namespace sfluv::server {

/// What tests need to set up, disturb and inspect the server; only there when asked for, and never
/// open to web pages. Bodies and answers are JSON objects.
///
/// To play recorded conversations again:
///   POST /test/setup    a scenario's `setup`: everything new, the clock at its end
///   POST /test/clock    {"at":s}: seconds from the setup's t0; answers like state
///   POST /test/edit     {"wf1.step1":{...},"payouts":"ok",...}: rows changed by hand
///   GET  /test/state    {"state":{...},"ids":{symbol:id}}, after what has become due
///   POST /test/profile  {"name":"live","skips_elapsed":false,...}: a profile and its switches
///   POST /test/mark     remembers what is stored; POST /test/return goes back to it
///   GET  /test/token?user=ID  {"token"}: good for a hundred years
/// For what the documents tell of without an endpoint:
///   POST /test/deed     {"user","deed","workflow"?,...}: by this user, as the engine names it:
///     "approve" (an admin's), "supervisor_payout", "propose_deletion" {"whole_series","reason"} ->
///     {"id"}, "vote_on_deletion" {"deletion","decision"}, "approve_improver" {"person"},
///     "resolve_credential_request" {"person","type","status"}
/// To disturb and to look:
///   POST /test/seed     {"workflows":n} -> {"workflows":[ids],"tokens":{user id: token}}
///   POST /test/fault    {"mode","ms","times","path_contains"} -> {"mode"}
///   POST /test/faucet   {"mode":"none|ok|insufficient|fail","ms":n,"balance":"100"?}
///   POST /test/reset    everything away; clock, profile and faults as the server was started
///   GET  /test/record?workflow=ID  {"workflow":{...},"photos":[...]}, as stored
///   GET  /test/requests   {"requests":[...],"submissions":n}
///   GET  /test/transfers  {"transfers":[...]};  GET /test/mails  {"mails":[...]}
class TestBench {
 public:
  struct Parts {
    std::string secret;
    Services& services;
    MemoryFaucet& faucet;
    MemoryMailbox& mailbox;
    Faults& faults;
    RequestLog& log;
    std::function<void(bool)> listen;  ///< whether the API takes connections
  };
  explicit TestBench(Parts parts) : parts_(std::move(parts)) {}

  /// Is this path one of ours?
  [[nodiscard]] static bool serves(std::string_view path);
  void handle(Exchange& exchange);

 private:
  void respond(Exchange& exchange);

  void setup(Exchange& exchange);
  void clock(Exchange& exchange);
  void edit(Exchange& exchange);
  void state(Exchange& exchange);
  void profile(Exchange& exchange);
  void mark(Exchange& exchange);
  void go_back(Exchange& exchange);
  void token(Exchange& exchange);
  void deed(Exchange& exchange);

  void seed(Exchange& exchange);
  void fault(Exchange& exchange);
  void faucet(Exchange& exchange);
  void reset(Exchange& exchange);
  void record(Exchange& exchange);
  void requests(Exchange& exchange);
  void transfers(Exchange& exchange);
  void mails(Exchange& exchange);

  [[nodiscard]] std::string token_for(const std::string& user_id) const;
  void forget_everything();
  void keep_up();
  [[nodiscard]] bool edit_rows(const json::Value& rows);

  Parts parts_;
  std::mutex mutex_;  // one test at a time
  std::int64_t t0_s_ = 0;
  std::unique_ptr<Database> marked_;
};

}  // namespace sfluv::server
