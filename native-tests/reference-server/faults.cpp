// SPDX-License-Identifier: MIT
#include "faults.h"

#include <array>
#include <chrono>
#include <utility>

namespace sfluv::server {
namespace {

constexpr std::array<std::string_view, 7> names = {
    "none", "refuse", "commit_then_drop", "commit_then_500", "delay", "empty_200", "html_200"};

}  // namespace

std::string_view to_string(FaultMode mode) { return names[static_cast<std::size_t>(mode)]; }

std::optional<FaultMode> fault_mode_from_string(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<FaultMode>(i);
  }
  return std::nullopt;
}

void Faults::set(Fault fault) {
  const std::lock_guard lock{mutex_};
  fault_ = std::move(fault);
  ++generation_;
  changed_.notify_all();
}

Fault Faults::take(std::string_view path) {
  const std::lock_guard lock{mutex_};
  if (fault_.mode == FaultMode::none || fault_.mode == FaultMode::refuse) return {};
  if (path.find(fault_.path_contains) == std::string_view::npos) return {};
  Fault taken = fault_;
  if (fault_.times > 0 && --fault_.times == 0) fault_ = {};
  return taken;
}

void Faults::wait(std::int64_t ms) {
  std::unique_lock lock{mutex_};
  const std::uint64_t generation = generation_;
  changed_.wait_for(lock, std::chrono::milliseconds{ms},
                    [&] { return stopped_ || generation_ != generation; });
}

void Faults::stop() {
  const std::lock_guard lock{mutex_};
  stopped_ = true;
  changed_.notify_all();
}

}  // namespace sfluv::server
