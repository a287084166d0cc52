// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfluv/engine.h"

#include "services.h"
#include "store.h"

/// How everything that people do to workflows is done: the series is brought up to the second, the engine
/// decides, the store keeps it, all in one transaction; mail and payouts follow behind the commit.
namespace sfluv::server {

[[nodiscard]] Caller caller_from(const User& user);
[[nodiscard]] Account account_of(const User& user);

using FindSeries = std::optional<Series> (*)(Database&, std::string_view id);

struct Deed {
  std::variant<engine::Action, engine::ProposalAction> action;
  FindSeries find = find_series_of_workflow;
  std::string id;         ///< what `find` looks for; without a series the engine says why not
  std::string step_id;    ///< of the step that it is about, if it is about one
  std::string_view body;  ///< of a completion: where its photos are
};

struct Done {
  Series series;  ///< as it is stored now
  std::optional<engine::Counts> counts;
  std::optional<Absence> absence;
  std::string created_id;  ///< of what was proposed
};

/// A refusal stores nothing: what became due meanwhile is done by whoever looks next.
[[nodiscard]] std::expected<Done, engine::Refusal> act(Services& services, const User& user,
                                                       const Deed& deed);

}  // namespace sfluv::server
