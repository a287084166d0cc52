// SPDX-License-Identifier: MIT
// Restarts, races, and clients that never end.
#include <barrier>
#include <csignal>
#include <cstdio>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>

#include "server_fixture.h"

namespace sfluv::server {
namespace {

using Clock = std::chrono::steady_clock;

TEST_F(ServerTest, ARestartKeepsEverything) {
  complete_first_step();
  const std::string before = get("/workflows/workflow_abc123", admin).body;
  const std::string record = test("record?workflow=workflow_abc123").body;
  const int port = server_->port();
  server_->stop();
  EXPECT_EQ(get("/workflows/workflow_abc123", admin).status, 0);
  options_.port = port;
  server_.reset();
  start();
  EXPECT_EQ(server_->port(), port);
  EXPECT_EQ(get("/workflows/workflow_abc123", admin).body, before);
  EXPECT_EQ(test("record?workflow=workflow_abc123").body, record);
  EXPECT_EQ(test("seed", "{}").status, 200);
  EXPECT_EQ(get("/workflows/workflow_abc123", admin).body, before)
      << "seeding adds, it does not overwrite";
}

TEST_F(ServerTest, StoppingDoesNotWaitForIdleOrDelayedClients) {
  httplib::Client idle = client();
  idle.set_keep_alive(true);
  EXPECT_TRUE(idle.Get("/nope"));
  EXPECT_EQ(test("fault", R"({"mode":"delay","ms":60000})").status, 200);
  std::thread delayed{[this] { EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200); }};
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
  const auto begin = Clock::now();
  server_->stop();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds{3});
  delayed.join();
}

// Half of them say nothing more, half of them say a byte now and then, which is no reason to be cut
// off.
TEST_F(ServerTest, SixtyFourSlowClientsDoNotHoldUpAHealthyOne) {
  options_.threads = ServerOptions{}.threads;
  options_.idle_ms_max = ServerOptions{}.idle_ms_max;
  start();
  std::vector<std::unique_ptr<RawClient>> silent;
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 32; ++i) {
    silent.push_back(std::make_unique<RawClient>(server_->port()));
    silent.back()->say("POST / HTTP/1.1\r\nContent-Length: 1000\r\n");
    slow.push_back(std::make_unique<RawClient>(server_->port()));
    slow.back()->say("POST " + first_step("complete") +
                     " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token(jane) +
                     "\r\nContent-Length: 1000\r\n\r\n");
  }
  httplib::Client healthy = client();
  healthy.set_keep_alive(true);
  const auto begin = Clock::now();
  while (Clock::now() - begin < std::chrono::milliseconds{2'500}) {
    const auto asked = Clock::now();
    const auto answer = healthy.Get("/workflows/workflow_abc123", as(jane));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_LT(Clock::now() - asked, std::chrono::seconds{1});
    for (const auto& one : slow) EXPECT_TRUE(one->say(" "));
    std::this_thread::sleep_for(std::chrono::milliseconds{250});
  }
  for (const auto& one : silent) one->hear();  // ends: the server gave up on it
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds{5});
}

TEST_F(ServerTest, TwoImproversRaceForOneStep) {
  constexpr std::size_t rounds = 1'000;
  EXPECT_EQ(test("seed", R"({"workflows":1001})").status, 200);
  std::array<std::vector<int>, 2> statuses;
  std::barrier gate{2};
  const auto run = [&](std::size_t who) {
    httplib::Client own = client();
    own.set_keep_alive(true);
    const httplib::Headers headers = as(who == 0 ? jane : ana);
    for (std::size_t i = 0; i < rounds; ++i) {
      const std::string number = std::to_string(i + 2);
      gate.arrive_and_wait();
      const auto result =
          own.Post(step_path("workflow_demo_" + number, "step_collect_" + number, "claim"), headers,
                   "", "application/json");
      statuses[who].push_back(result ? result->status : 0);
    }
  };
  std::thread other{run, 1};
  run(0);
  other.join();
  std::array<std::size_t, 2> wins{};
  Database database{options_.database_path};
  for (std::size_t i = 0; i < rounds; ++i) {
    const std::size_t winner = statuses[0][i] == 200 ? 0 : 1;
    EXPECT_EQ(statuses[winner][i], 200) << i;
    EXPECT_EQ(statuses[1 - winner][i], 409) << i;
    ++wins[winner];
    const std::string id = "workflow_demo_" + std::to_string(i + 2);
    Query steps = database.query("SELECT assigned_improver_id FROM steps WHERE workflow_id = ?");
    steps.bind(id);
    while (steps.next()) EXPECT_EQ(steps.text(), winner == 0 ? jane : ana) << i;
  }
  EXPECT_GT(std::min(wins[0], wins[1]), 0U) << "or it was no race";
}

TEST_F(ServerTest, TheSameSubmissionTwiceAtOnceIsStoredOnce) {
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  std::array<int, 4> statuses{};
  std::vector<std::thread> threads;
  for (int& status : statuses) {
    threads.emplace_back(
        [this, &status] { status = post(first_step("complete"), jane, whole_answer()).status; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::ranges::count(statuses, 200), 1);
  EXPECT_EQ(std::ranges::count(statuses, 400), 3);
  EXPECT_TRUE(contains(test("requests").body, R"("submissions":1)"));
}

// ---- Killed in the middle

// The program itself, in a process that can be killed.
class Program {
 public:
  explicit Program(const std::string& database_path) {
    std::array<int, 2> out{};
    EXPECT_EQ(pipe(out.data()), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, out[0]);
    std::vector<std::string> words{SFLUV_SERVER,  "--port",   "0",   "--db",
                                   database_path, "--secret", secret};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    EXPECT_EQ(posix_spawn(&pid_, SFLUV_SERVER, &actions, nullptr, arguments.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    std::FILE* const lines = fdopen(out[0], "r");
    EXPECT_EQ(std::fscanf(lines, "listening on 127.0.0.1:%d", &port_), 1);
    std::fclose(lines);
  }
  ~Program() { end(); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] int port() const { return port_; }
  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
  int port_ = 0;
};

class KilledTest : public testing::Test {
 protected:
  static constexpr int workflows = 150;
  static constexpr const char* notes = "written before the end";

  KilledTest() {
    Database database{path_};
    create_schema(database);
    add_demo_data(database, workflows, system_now_s());
  }

  static std::string item(const char* name, int number) {
    return std::string{name} + '_' + std::to_string(number);
  }

  // Claims and completes one workflow after the other until nobody answers; notes what was
  // answered.
  void work(int port, std::vector<int>& answered, std::atomic<std::size_t>& count) {
    httplib::Client client{"127.0.0.1", port};
    client.set_keep_alive(true);
    client.set_tcp_nodelay(true);
    const httplib::Headers headers = {
        {"Authorization", "Bearer " + sign_token(jane, secret, system_now_s(), 3600)}};
    for (; next_ <= workflows; ++next_) {
      const auto path = [&](const char* action) {
        return step_path(item("workflow_demo", next_), item("step_collect", next_), action);
      };
      const std::string body =
          R"({"items":[)" + photo_answer(item("item_before", next_), "before.jpg", photo_) + ',' +
          photo_answer(item("item_after", next_), "after.jpg", photo_) + R"(,{"item_id":")" +
          item("item_notes", next_) + R"(","written_response":")" + notes + R"("},{"item_id":")" +
          item("item_outcome", next_) + R"(","dropdown_value":"completed_successfully"}]})";
      if (!client.Post(path("claim"), headers, "", "application/json")) return;
      const auto done = client.Post(path("complete"), headers, body, "application/json");
      if (!done) return;
      EXPECT_EQ(done->status, 200) << done->body;
      answered.push_back(next_);
      ++count;
    }
  }

  // Whole or nothing. Is the submission of this workflow there?
  bool check(Database& database, int number) {
    const auto workflow = find_workflow(database, item("workflow_demo", number));
    EXPECT_TRUE(workflow);
    const Step& step = workflow->steps.at(0);
    const auto photos = photos_of_workflow(database, workflow->id);
    EXPECT_EQ(step.submission.has_value(), step.status == StepStatus::completed);
    EXPECT_EQ(photos.size(), step.submission ? 2U : 0U);
    if (!step.submission) return false;
    EXPECT_EQ(workflow->steps.at(1).status, StepStatus::available);
    EXPECT_EQ(step.submission->item_responses.size(), 4U);
    EXPECT_EQ(step.submission->item_responses.at(2).written_response, notes);
    for (const PhotoRecord& photo : photos)
      EXPECT_EQ(photo.bytes, (std::string{photo_.begin(), photo_.end()}));
    return true;
  }

  Directory directory_;
  std::string path_ = directory_.file("killed.db");
  const std::vector<std::uint8_t> photo_ = some_photo(100'000, 3);
  int next_ = 2;  // the first that was not tried
};

TEST_F(KilledTest, WhateverWasWrittenIsWholeOrNotThere) {
  std::uint32_t chance = 12345;
  for (int round = 0; round < 8; ++round) {
    Program program{path_};
    std::vector<int> answered;
    std::atomic<std::size_t> count = 0;
    const int first = next_;
    std::thread worker{[&] { work(program.port(), answered, count); }};
    while (count < 4) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    chance = chance * 1664525 + 1013904223;
    std::this_thread::sleep_for(std::chrono::microseconds{(chance >> 16) % 30'000});
    program.end();
    worker.join();
    ASSERT_LT(next_, workflows) << "more of them are needed";
    Database database{path_};
    for (int number = first; number <= next_; ++number) {
      const bool is_there = check(database, number);
      const bool is_answered = std::ranges::find(answered, number) != answered.end();
      EXPECT_TRUE(is_there || !is_answered) << "answered with 200 and lost: " << number;
    }
    ++next_;  // the one in the middle is claimed, perhaps completed
  }
  Database database{path_};
  Query integrity = database.query("PRAGMA integrity_check");
  ASSERT_TRUE(integrity.next());
  EXPECT_EQ(integrity.text(), "ok");
}

}  // namespace
}  // namespace sfluv::server
