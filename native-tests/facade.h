// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "sfluv/api_account.h"
#include "sfluv/api_engine.h"
#include "sfluv/api_outbox.h"
#include "sfluv/api_proposal.h"
#include "sfluv/api_rules.h"

/// The calls of the facade by name, each with one text in: for golden files, random inputs and the
/// command line. Where a call takes two texts, the first one is the first line.
namespace sfluv::facade {

struct Call {
  std::string_view name;
  std::string (*run)(std::string&& input) = nullptr;
  bool takes_two = false;
};

template <std::string (*call)(std::string_view)>
std::string one_text(std::string&& input) {
  return call(input);
}

template <std::string (*call)(std::string_view, std::string_view)>
std::string two_texts(std::string&& input) {
  const std::string_view all = input;
  const std::size_t end = all.find('\n');
  return call(all.substr(0, end), end == all.npos ? std::string_view{} : all.substr(end + 1));
}

inline constexpr std::array calls{
    Call{"check_completion",
         [](std::string&& input) { return api::check_completion(std::move(input)); }},
    Call{"check_proposal",
         [](std::string&& input) { return api::check_proposal(std::move(input)); }},
    Call{"check_rewards_account", &one_text<&api::check_rewards_account>},
    Call{"code_catalogue", [](std::string&&) { return api::code_catalogue(); }},
    Call{"deadline", &one_text<&api::deadline>},
    Call{"discover", &one_text<&api::discover>},
    Call{"format_amount", &two_texts<&api::format_amount>, true},
    Call{"outbox_seal",
         [](std::string&& input) { return api::outbox_seal({}, {}, {}, input).json; }},
    Call{"parse_amount", &two_texts<&api::parse_amount>, true},
    Call{"predict", &one_text<&api::predict>},
    Call{"read_answer", &two_texts<&api::read_answer>, true},
};

}  // namespace sfluv::facade
