// SPDX-License-Identifier: MIT
// The facade over stdin and stdout. web/bin/sfluv.mjs does the same on the wasm build; a test holds
// their outputs equal, apart from "ms".
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "sfluv/api_photo.h"
#include "sfluv/json_writer.h"

#include "facade.h"
#include "replay/http_world.h"
#include "replay/model_world.h"
#include "replay/replay.h"
#include "simulation/command.h"
#include "simulation/explorer.h"
#include "stream/random_inputs.h"

namespace {

constexpr int exit_issue = 1;
constexpr int exit_usage = 2;

const std::string usage =
    "usage: sfluv check-completion    JSON lines on stdin, one verdict a line on stdout\n"
    "       sfluv check-proposal      the same for workflows to create\n"
    "       sfluv call CALL           the same for any call of the facade; of two texts the first\n"
    "                                 stands before a tab\n"
    "       sfluv probe IN            the header of a photo file\n"
    "       sfluv photo IN OUT [--edge-px N] [--bytes-max N] [--aspect "
    "vertical|square|horizontal]\n"
    "                                 [--crop-x N] [--crop-y N] [--crop-width N] [--crop-height "
    "N]\n"
    "                                 [--photos-in-request N] [--request-bytes-max N]\n"
    "                                 [--keep-time] [--keep-fine]    crops in millionths\n"
    "       sfluv replay-scenarios FILE [--server URL] [--profile documents|live] [--topics A,B]\n"
    "       sfluv random-inputs CALL N    lines for `call`, by chance and the same everywhere\n"
    "       sfluv " +
    std::string{sfluv::simulation::simulate_usage} +
    "\n"
    "       sfluv " +
    std::string{sfluv::simulation::explore_usage} + "\n";

int usage_error(const std::string& what) {
  std::cerr << "sfluv: " << what << '\n' << usage;
  return exit_usage;
}

int call_facade(std::string_view name) {
  const auto call = std::ranges::find(sfluv::facade::calls, name, &sfluv::facade::Call::name);
  if (call == sfluv::facade::calls.end()) return usage_error("no such call: " + std::string{name});
  for (std::string line; std::getline(std::cin, line);) {
    if (const std::size_t tab = line.find('\t'); call->takes_two && tab != line.npos)
      line[tab] = '\n';
    std::cout << call->run(std::move(line)) << std::endl;
  }
  return 0;
}

int random_inputs(const std::string& call, const std::string& count) {
  if (count.empty() || count.size() > 9 || count.find_first_not_of("0123456789") != count.npos) {
    return usage_error("random-inputs takes CALL and a number");
  }
  for (std::uint64_t seed = 0; seed < std::stoull(count); ++seed) {
    std::string input = sfluv::stream::random_input(call, seed);
    std::ranges::replace(input, '\n', '\t');
    std::cout << input << '\n';
  }
  return 0;
}

std::optional<std::vector<std::uint8_t>> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary | std::ios::ate};
  if (!file) return std::nullopt;
  std::vector<std::uint8_t> bytes(
      static_cast<std::size_t>(std::max<std::streamoff>(0, file.tellg())));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return file ? std::optional{std::move(bytes)} : std::nullopt;
}

bool is_issue(const std::string& reply) { return reply.starts_with("{\"issue\""); }

int probe(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) return usage_error("cannot read " + path);
  const std::string reply = sfluv::api::probe_photo(*bytes);
  std::cout << reply << '\n';
  return is_issue(reply) ? exit_issue : 0;
}

struct PhotoCall {
  std::vector<std::string> paths;
  std::string plan;  // JSON
};

constexpr auto number_options = std::to_array<std::string_view>(
    {"--edge-px", "--bytes-max", "--crop-x", "--crop-y", "--crop-width", "--crop-height",
     "--photos-in-request", "--request-bytes-max"});
constexpr auto flag_options = std::to_array<std::string_view>({"--keep-time", "--keep-fine"});

/// "--edge-px" is "edge_px".
std::string member_of(std::string option) {
  option.erase(0, 2);
  std::ranges::replace(option, '-', '_');
  return option;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.size() <= 18 &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

// The command line's options are the plan's members; the core judges their values.
std::optional<PhotoCall> photo_call(std::span<char* const> arguments) {
  PhotoCall call;
  sfluv::JsonWriter plan;
  plan.begin_object();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string argument = arguments[i];
    if (!argument.starts_with("--")) {
      call.paths.push_back(argument);
      continue;
    }
    if (std::ranges::find(flag_options, argument) != flag_options.end()) {
      plan.key(member_of(argument)).boolean(true);
      continue;
    }
    if (i + 1 == arguments.size()) return std::nullopt;
    const std::string value = arguments[++i];
    if (argument == "--aspect") {
      plan.key("aspect").string(value);
    } else if (std::ranges::find(number_options, argument) != number_options.end() &&
               is_number(value)) {
      plan.key(member_of(argument)).number(std::stoll(value));
    } else {
      return std::nullopt;
    }
  }
  plan.end_object();
  call.plan = plan.take();
  return call.paths.size() == 2 ? std::optional{std::move(call)} : std::nullopt;
}

int photo(std::span<char* const> arguments) {
  const auto call = photo_call(arguments);
  if (!call) return usage_error("photo takes IN, OUT and the options below");
  const auto bytes = read_file(call->paths[0]);
  if (!bytes) return usage_error("cannot read " + call->paths[0]);
  const auto before = std::chrono::steady_clock::now();
  const sfluv::api::PhotoReply reply = sfluv::api::prepare_photo(*bytes, call->plan);
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - before;
  if (is_issue(reply.json)) {
    std::cout << reply.json << '\n';
    return exit_issue;
  }
  std::ofstream out{call->paths[1], std::ios::binary};
  out.write(reinterpret_cast<const char*>(reply.jpeg.data()),
            static_cast<std::streamsize>(reply.jpeg.size()));
  if (!out.flush()) return usage_error("cannot write " + call->paths[1]);
  char ms[32];
  std::snprintf(ms, sizeof ms, "%.1f", taken.count());
  std::cout << std::string_view{reply.json}.substr(0, reply.json.size() - 1) << ",\"ms\":" << ms
            << "}\n";
  return 0;
}

struct ReplayCall {
  std::string path;
  std::string server;  // none: the engine in this process
  sfluv::replay::Options options;
};

std::optional<ReplayCall> replay_call(std::span<char* const> arguments) {
  ReplayCall call;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string argument = arguments[i];
    if (!argument.starts_with("--") && call.path.empty()) {
      call.path = argument;
      continue;
    }
    if (i + 1 == arguments.size()) return std::nullopt;
    std::istringstream value{arguments[++i]};
    if (argument == "--server") {
      call.server = value.str();
    } else if (argument == "--topics") {
      for (std::string topic; std::getline(value, topic, ',');)
        call.options.topics.push_back(topic);
    } else if (const auto profile = sfluv::profile_from(value.str());
               argument == "--profile" && profile) {
      call.options.profile = *profile;
    } else {
      return std::nullopt;
    }
  }
  return call.path.empty() ? std::nullopt : std::optional{std::move(call)};
}

std::unique_ptr<sfluv::replay::World> world_at(const std::string& server) {
  if (server.empty()) return std::make_unique<sfluv::replay::ModelWorld>();
  return std::make_unique<sfluv::replay::HttpWorld>(server);
}

int replay_scenarios(std::span<char* const> arguments) {
  const auto call = replay_call(arguments);
  if (!call) return usage_error("replay-scenarios takes FILE and the options below");
  const auto bytes = read_file(call->path);
  if (!bytes) return usage_error("cannot read " + call->path);
  const auto file =
      sfluv::replay::read_scenarios({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!file) {
    std::cout << sfluv::issue_reply(file.error()) << '\n';
    return exit_issue;
  }
  try {
    const auto world = world_at(call->server);
    const sfluv::replay::Report report = sfluv::replay::replay(*file, call->options, *world);
    std::cout << sfluv::replay::to_text(report);
    return report.failures.empty() ? 0 : exit_issue;
  } catch (const std::exception& error) {
    std::cerr << "sfluv: " << error.what() << '\n';
    return exit_usage;
  }
}

}  // namespace

int main(int count, char** values) {
  std::ios::sync_with_stdio(false);
  const std::span<char* const> arguments{values, static_cast<std::size_t>(count)};
  const std::string command = count > 1 ? arguments[1] : "";
  if (command == "check-completion" && count == 2) return call_facade("check_completion");
  if (command == "check-proposal" && count == 2) return call_facade("check_proposal");
  if (command == "call" && count == 3) return call_facade(arguments[2]);
  if (command == "random-inputs" && count == 4) return random_inputs(arguments[2], arguments[3]);
  if (command == "probe" && count == 3) return probe(arguments[2]);
  if (command == "photo") return photo(arguments.subspan(2));
  if (command == "replay-scenarios") return replay_scenarios(arguments.subspan(2));
  if (command == "simulate") {
    const auto code = sfluv::simulation::simulate_command(arguments.subspan(2));
    return code ? *code : usage_error("simulate takes the options below");
  }
  if (command == "explore") {
    const auto code = sfluv::simulation::explore_command(arguments.subspan(2));
    return code ? *code : usage_error("explore takes the options below");
  }
  if (command == "--help" || command == "help") {
    std::cout << usage;
    return 0;
  }
  return usage_error(command.empty() ? "a command is missing"
                                     : "unknown command or arguments: " + command);
}
