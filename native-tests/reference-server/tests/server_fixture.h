// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <gtest/gtest.h>
#include <httplib.h>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "sfluv/base64.h"
#include "sfluv/json.h"
#include "sfluv/workflow.h"

#include "demo_data.h"
#include "jwt.h"
#include "server.h"
#include "store.h"

/// A server with the demo's people and workflows, and clients that talk to it over real sockets.
namespace sfluv::server {

inline constexpr const char* jane = "did:privy:improver789";
inline constexpr const char* ana = "did:privy:improver790";
inline constexpr const char* wei = "did:privy:improver791";
inline constexpr const char* proposer = "did:privy:proposer456";
inline constexpr const char* supervisor = "did:privy:supervisor123";
inline constexpr const char* voter = "did:privy:voter001";
inline constexpr const char* admin = "did:privy:admin001";
inline constexpr const char* secret = "a secret of these tests";
inline constexpr const char* origin = "http://localhost:5173";

inline std::string step_path(std::string_view workflow, std::string_view step,
                             std::string_view action) {
  return "/improvers/workflows/" + std::string{workflow} + "/steps/" + std::string{step} + '/' +
         std::string{action};
}

inline std::string first_step(std::string_view action) {
  return step_path("workflow_abc123", "step_ghi789", action);
}
inline std::string second_step(std::string_view action) {
  return step_path("workflow_abc123", "step_xyz999", action);
}

inline std::vector<std::uint8_t> some_photo(std::size_t bytes, std::uint32_t seed) {
  std::vector<std::uint8_t> photo(bytes);
  for (std::size_t i = 0; i < bytes; ++i) {
    seed = seed * 1664525 + 1013904223;
    photo[i] = static_cast<std::uint8_t>(seed >> 24);
  }
  constexpr std::array<std::uint8_t, 4> jpeg = {0xFF, 0xD8, 0xFF, 0xE0};
  std::ranges::copy(jpeg, photo.begin());
  return photo;
}

inline std::string photo_answer(std::string_view item, std::string_view name,
                                const std::vector<std::uint8_t>& photo) {
  return R"({"item_id":")" + std::string{item} + R"(","photo_uploads":[{"file_name":")" +
         std::string{name} + R"(","content_type":"image/jpeg","data_base64":")" +
         base64::encode(photo) + R"("}]})";
}

inline const std::vector<std::uint8_t> before_photo = some_photo(50'000, 1);
inline const std::vector<std::uint8_t> after_photo = some_photo(70'001, 2);

/// A body that step 1 of the demo workflow takes.
inline std::string whole_answer(std::string_view outcome = "completed_successfully") {
  return R"({"step_not_possible":false,"items":[)" +
         photo_answer("item_jkl012", "before.jpg", before_photo) + ',' +
         photo_answer("item_jkl013", "after.jpg", after_photo) +
         R"(,{"item_id":"item_jkl014","written_response":"Area thoroughly cleaned"},)"
         R"({"item_id":"item_jkl015","dropdown_value":")" +
         std::string{outcome} + R"(","written_response":"why"}]})";
}

/// A body that step 2 takes.
inline constexpr const char* report =
    R"({"items":[{"item_id":"item_jkl017","written_response":"x"}]})";

inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

inline json::Value parsed(const std::string& text) {
  auto value = json::parse(text, Code::document_not_readable);
  EXPECT_TRUE(value) << text.substr(0, 200);
  return value.value_or(json::Value{});
}

/// A directory of its own, in memory where there is one: what a power cut does is not tested here.
class Directory {
 public:
  Directory() {
    const std::filesystem::path memory = "/dev/shm";
    const bool has_memory = access(memory.c_str(), W_OK) == 0;
    std::string name =
        ((has_memory ? memory : std::filesystem::temp_directory_path()) / "sfluv-server-XXXXXX")
            .string();
    path_ = mkdtemp(name.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

struct Answer {
  int status = 0;  ///< 0: none came
  std::string body;
  httplib::Headers headers;

  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

inline Answer answer_of(const httplib::Result& result) {
  if (!result) return {};
  return {.status = result->status, .body = result->body, .headers = result->headers};
}

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    options_.database_path = directory_.file("test.db");
    options_.secret = secret;
    options_.allowed_origins = {origin};
    options_.has_test_endpoints = true;
    options_.threads = 16;
    options_.now_s = [this] { return now_s_.load(); };
    start();
    EXPECT_EQ(test("seed", R"({"workflows":3})").status, 200);
  }

  /// A server in the place of the one before, on the same database.
  void start() {
    server_.reset();
    server_ = std::make_unique<Server>(options_);
  }
  void start_live() {
    options_.profile = live_profile();
    start();
  }

  [[nodiscard]] std::string token(std::string_view user) const {
    return sign_token(user, secret, now_s_, 3600);
  }
  [[nodiscard]] httplib::Headers as(std::string_view user) const {
    return {{"Authorization", "Bearer " + token(user)}};
  }

  [[nodiscard]] httplib::Client client() const {
    httplib::Client client{"127.0.0.1", server_->port()};
    client.set_read_timeout(20);
    client.set_tcp_nodelay(true);
    return client;
  }

  Answer get(const std::string& path, std::string_view user) {
    return answer_of(client().Get(path, as(user)));
  }
  Answer post(const std::string& path, std::string_view user, const std::string& body = "{}") {
    return answer_of(client().Post(path, as(user), body, "application/json"));
  }
  Answer put(const std::string& path, std::string_view user, const std::string& body) {
    return answer_of(client().Put(path, as(user), body, "application/json"));
  }
  Answer remove(const std::string& path, std::string_view user) {
    return answer_of(client().Delete(path, as(user)));
  }

  /// A test endpoint, through its second door.
  Answer test(const std::string& name, const std::string& body) {
    httplib::Client client{"127.0.0.1", *server_->test_port()};
    return answer_of(client.Post("/test/" + name, body, "application/json"));
  }
  Answer test(const std::string& name) {
    httplib::Client client{"127.0.0.1", *server_->test_port()};
    return answer_of(client.Get("/test/" + name));
  }

  Workflow workflow_for(std::string_view user, const std::string& id = "workflow_abc123") {
    const Answer answer = get("/workflows/" + id, user);
    EXPECT_EQ(answer.status, 200);
    return read_workflow(answer.body).value_or(Workflow{});
  }

  /// Changes the stored rows behind the server's back.
  void edit(Sql sql) {
    Database database{options_.database_path};
    database.run_script(sql);
  }

  [[nodiscard]] Series stored_series(std::string_view workflow_id = "workflow_abc123") const {
    Database database{options_.database_path};
    return find_series_of_workflow(database, workflow_id).value_or(Series{});
  }

  void complete_first_step() {
    EXPECT_EQ(post(first_step("claim"), jane).status, 200);
    EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 200);
  }
  void complete_both_steps() {
    complete_first_step();
    EXPECT_EQ(post(second_step("complete"), jane, report).status, 200);
  }

  Directory directory_;
  std::atomic<std::int64_t> now_s_ = 1'710'500'000;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
};

/// A socket of our own, for what a well-behaved client would never send.
class RawClient {
 public:
  explicit RawClient(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const timeval timeout{.tv_sec = 10, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  }
  ~RawClient() { close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  [[nodiscard]] bool is_connected() const { return connected_; }
  bool say(std::string_view text) { return send(fd_, text.data(), text.size(), MSG_NOSIGNAL) > 0; }
  /// Everything until the other side closes.
  std::string hear() {
    std::string out;
    std::array<char, 4096> buffer{};
    for (;;) {
      const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
      if (got <= 0) return out;
      out.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  int fd_;
  bool connected_ = false;
};

}  // namespace sfluv::server
