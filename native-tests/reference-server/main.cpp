// SPDX-License-Identifier: MIT
#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwt.h"
#include "server.h"
#include "settings.h"

namespace {

// Good enough for a server that only its own machine can reach; another one comes with --secret.
constexpr std::string_view default_secret = "sfluv-field reference server";

constexpr std::string_view usage =
    "sfluv-server --port N --db FILE [--profile documents|live] [--test-endpoints]\n"
    "             [--secret TEXT] [--allow-origin ORIGIN]...\n"
    "    serves the documented API on 127.0.0.1; port 0 takes a free one\n"
    "sfluv-server --token USER_ID [--secret TEXT] [--ttl-s N]\n"
    "    prints a token for this user\n";

struct Arguments {
  sfluv::server::ServerOptions server;
  bool has_port = false;
  std::optional<std::string> token_for;
  std::int64_t ttl_s = 3600;
};

template <class T>
bool read_number(std::string_view text, T min, T max, T& out) {
  T value{};
  const auto end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || value < min || value > max) return false;
  out = value;
  return true;
}

bool read_option(Arguments& arguments, std::string_view name, std::string_view value) {
  sfluv::server::ServerOptions& server = arguments.server;
  if (name == "--port") {
    arguments.has_port = true;
    return read_number(value, 0, 65535, server.port);
  }
  if (name == "--ttl-s")
    return read_number<std::int64_t>(value, -1'000'000'000, 1'000'000'000, arguments.ttl_s);
  if (name == "--profile") {
    const auto profile = sfluv::profile_from(value);
    if (profile) server.profile = *profile;
    return profile.has_value();
  }
  if (value.empty()) return false;
  if (name == "--db")
    server.database_path = value;
  else if (name == "--secret")
    server.secret = value;
  else if (name == "--token")
    arguments.token_for = value;
  else if (name == "--allow-origin")
    server.allowed_origins.emplace_back(value);
  else
    return false;
  return true;
}

std::optional<Arguments> read_arguments(const std::vector<std::string_view>& words) {
  Arguments arguments;
  arguments.server.secret = default_secret;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--test-endpoints") {
      arguments.server.has_test_endpoints = true;
      continue;
    }
    if (i + 1 == words.size() || !read_option(arguments, words[i], words[i + 1]))
      return std::nullopt;
    ++i;
  }
  const bool serves = arguments.has_port && !arguments.server.database_path.empty();
  if (serves == arguments.token_for.has_value()) return std::nullopt;
  return arguments;
}

void serve(const sfluv::server::ServerOptions& options) {
  // Blocked here, before any thread exists, so that only sigwait below ever sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  sfluv::server::Server server{options};
  std::printf("listening on 127.0.0.1:%d\n", server.port());
  if (const auto port = server.test_port())
    std::printf("test endpoints also on 127.0.0.1:%d\n", *port);
  std::fflush(stdout);
  int received = 0;
  sigwait(&signals, &received);
  server.stop();
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = read_arguments({argv + 1, argv + argc});
  if (!arguments) {
    std::fputs(usage.data(), stderr);
    return 2;
  }
  try {
    if (arguments->token_for) {
      const std::string token =
          sfluv::server::sign_token(*arguments->token_for, arguments->server.secret,
                                    sfluv::server::system_now_s(), arguments->ttl_s);
      std::puts(token.c_str());
    } else {
      serve(arguments->server);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sfluv-server: %s\n", error.what());
    return 1;
  }
  return 0;
}
