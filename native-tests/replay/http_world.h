// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "setup.h"
#include "world.h"

namespace sfluv::replay {

/// A reference server behind its HTTP interface, which has test endpoints (test_bench.h). Errors of
/// the transport, and of the test endpoints, are exceptions (std::runtime_error): nothing that was
/// recorded answers like that.
class HttpWorld final : public World {
 public:
  /// `url`: "http://127.0.0.1:8080".
  explicit HttpWorld(std::string url);
  ~HttpWorld() override;

  void begin(const json::Value& setup, const Profile& profile) override;
  void set_profile(const Profile& profile) override;
  void move_clock(std::int64_t at_s) override;
  std::vector<Answer> perform(std::span<const Call> calls) override;
  void save(const std::string& symbol, const std::string& place) override;
  bool edit(const json::Value& rows) override;
  State state() override;
  void mark() override;
  void go_back() override;

 private:
  class Wire;
  struct Reply;

  [[nodiscard]] State take_state(const json::Value& answer);
  [[nodiscard]] const std::string& token_of(const std::string& actor);
  [[nodiscard]] Reply send(Wire& wire, const Call& call, const std::string& token) const;
  [[nodiscard]] Answer answer_of(const Call& call, const Reply& reply);

  std::string url_;
  std::vector<std::unique_ptr<Wire>> wires_;  // one for each call of a race
  std::map<std::string, std::string> tokens_;
  std::map<std::string, std::string> ids_;
  std::map<std::string, std::string> saved_;
  std::string last_absence_id_;
  std::int64_t t0_s_ = 0;
};

}  // namespace sfluv::replay
