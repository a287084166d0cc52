// SPDX-License-Identifier: MIT
#include "simulation/command.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iostream>
#include <sstream>
#include <string_view>
#include <thread>

namespace sfluv::simulation {
namespace {

constexpr std::size_t trace_lines_max = 2'000;

std::optional<std::uint64_t> number_from(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<ServerKind> server_from(std::string_view name) {
  const auto found = std::ranges::find(server_names, name);
  if (found == server_names.end()) return std::nullopt;
  return static_cast<ServerKind>(found - server_names.begin());
}

std::optional<Seeds> seeds_from(std::span<char* const> arguments) {
  Seeds seeds;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (name == "--digests" || name == "--trace") {
      (name == "--trace" ? seeds.keep_traces : seeds.keep_digests) = true;
      continue;
    }
    if (i + 1 == arguments.size()) return std::nullopt;
    const std::string_view text = arguments[++i];
    const auto number = number_from(text);
    if (name == "--seeds" && number) {
      seeds.count = *number;
    } else if (name == "--from" && number) {
      seeds.from = *number;
    } else if (seeds.server = server_from(text); name != "--server" || !seeds.server) {
      return std::nullopt;
    }
  }
  return seeds.count > 0 ? std::optional{seeds} : std::nullopt;
}

// Every `step`th seed, from `first` on.
Outcome run_some(const Seeds& seeds, std::uint64_t first, std::uint64_t step) {
  Outcome outcome;
  for (std::uint64_t i = first; i < seeds.count; i += step) {
    const Report report = simulate(seeds.at(i));
    ++(report.passed() ? outcome.passed : outcome.failed);
    if (!report.passed() && !outcome.first_failure) outcome.first_failure = seeds.at(i);
    outcome.counts += report.counts;
    outcome.events_min = outcome.events_min == 0
                             ? report.counts.events
                             : std::min(outcome.events_min, report.counts.events);
    if (seeds.keep_digests) outcome.digests.push_back(report.digest);
  }
  return outcome;
}

void add(Outcome& sum, Outcome part) {
  sum.passed += part.passed;
  sum.failed += part.failed;
  sum.counts += part.counts;
  if (part.events_min > 0 && (sum.events_min == 0 || part.events_min < sum.events_min))
    sum.events_min = part.events_min;
  if (part.first_failure &&
      (!sum.first_failure || part.first_failure->seed < sum.first_failure->seed))
    sum.first_failure = part.first_failure;
}

}  // namespace

Options Seeds::at(std::uint64_t index) const {
  const std::uint64_t seed = from + index;  // wraps: all of 64 bits are seeds
  return {.seed = seed, .server = server.value_or(static_cast<ServerKind>(seed % 3))};
}

Outcome run_seeds(const Seeds& seeds) {
  const auto began = std::chrono::steady_clock::now();
  const std::size_t workers = std::max(1u, std::thread::hardware_concurrency());
  std::vector<Outcome> parts(workers);
  std::vector<std::thread> threads;
  for (std::size_t w = 1; w < workers; ++w)
    threads.emplace_back([&, w] { parts[w] = run_some(seeds, w, workers); });
  parts[0] = run_some(seeds, 0, workers);
  for (std::thread& thread : threads) thread.join();
  Outcome outcome;
  for (std::size_t i = 0; seeds.keep_digests && i < seeds.count; ++i)
    outcome.digests.push_back(parts[i % workers].digests[i / workers]);
  for (Outcome& part : parts) add(outcome, std::move(part));
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return outcome;
}

std::string summary_of(const Outcome& outcome) {
  const Counts& counts = outcome.counts;
  const std::uint64_t seeds = outcome.passed + outcome.failed;
  std::ostringstream text;
  text << seeds << " seeds, "
       << static_cast<std::uint64_t>(static_cast<double>(seeds) / outcome.seconds) << " seeds/s, "
       << counts.events << " events (at least " << outcome.events_min << " a seed), "
       << counts.records << " records, " << counts.sends << " sends, " << counts.crashes
       << " crashes, " << counts.takeovers << " takeovers, " << counts.delivered << " delivered, "
       << counts.for_a_person << " for a person";
  return text.str();
}

std::optional<int> simulate_command(std::span<char* const> arguments) {
  const auto seeds = seeds_from(arguments);
  if (!seeds) return std::nullopt;
  for (std::uint64_t i = 0; seeds->keep_traces && i < seeds->count; ++i)
    std::cout << story_of(seeds->at(i), trace_lines_max);
  const Outcome outcome = run_seeds(*seeds);
  for (std::size_t i = 0; i < outcome.digests.size(); ++i) {
    const Options options = seeds->at(i);
    std::cout << options.seed << ' ' << server_names[static_cast<std::size_t>(options.server)]
              << ' ' << std::hex << outcome.digests[i] << std::dec << '\n';
  }
  if (outcome.first_failure) std::cout << story_of(*outcome.first_failure, trace_lines_max);
  if (!seeds->keep_digests) std::cout << summary_of(outcome) << '\n';
  std::cout << outcome.passed << " passed, " << outcome.failed << " failed\n";
  return outcome.failed == 0 ? 0 : 1;
}

}  // namespace sfluv::simulation
