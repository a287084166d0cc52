// SPDX-License-Identifier: MIT
// Every status that the documents promise (vectors/operations.json), each reached by a request of
// its own; ANSWERS.md is written from what they were answered.
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "routes.h"
#include "server_fixture.h"
#include "test_files.h"

namespace sfluv::server {
namespace {

constexpr const char* workflow = "workflow_abc123";
constexpr const char* first = "step_ghi789";
constexpr const char* second = "step_xyz999";
constexpr const char* nobody = "";

const std::string names =
    R"("first_name":"Val","last_name":"Voter","email":"voter001@example.org")";
const std::string janes =
    R"({"first_name":"Jane","last_name":"Smith","email":"improver789@example.org"})";
const std::string absence =
    R"({"series_id":"series_xyz789","step_order":1,"absent_from":"2024-04-01","absent_until":"2024-04-07"})";
const std::string step_one = R"({"series_id":"series_xyz789","step_order":1})";
const std::string address =
    R"({"primary_rewards_account":"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"})";
const std::string verifier = R"({"credential_type":"sfluv_verifier"})";

json::Value operations() { return parsed(read_test_file("vectors/operations.json")); }

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* const member = object.find(name);
  return member == nullptr ? "" : member->text;
}

class OperationsTest : public ServerTest {
 public:
  void nothing() {}
  void claimed() { EXPECT_EQ(post(first_step("claim"), jane).status, 200); }
  void unpaid() {
    EXPECT_EQ(test("faucet", R"({"mode":"insufficient"})").status, 200);
    complete_both_steps();
  }
  void absent() {
    claimed();
    leave();
  }
  // Somebody else has taken the occurrence that the absence set free.
  void replaced() {
    claimed();
    edit(
        "UPDATE workflows SET start_at = 1711980000, status = 'approved'; UPDATE steps SET status "
        "= 'locked'");
    leave();
    edit(
        "UPDATE steps SET assigned_improver_id = 'did:privy:improver790' WHERE id = 'step_ghi789'");
  }
  void asked() { EXPECT_EQ(post("/improvers/credential-requests", jane, verifier).status, 201); }
  void proposed() { proposal_ = made(post("/proposers/workflows", proposer, proposal()), ""); }

 protected:
  static std::string proposal() {
    return R"({"title":"Plant trees","description":"Ten oaks","recurrence":"one_time",
      "start_at":"2024-04-01T08:00:00Z","roles":[{"client_id":"r","title":"Planter",
      "required_credentials":["dpw_certified"]}],"steps":[{"title":"Plant","description":"Ten",
      "bounty":5,"role_client_id":"r","work_items":[{"title":"Report","requires_written_response":true}]}]})";
  }
  void leave() {
    absence_ = made(post("/improvers/workflows/absence-periods", jane, absence), "absence");
  }
  std::string made(const Answer& answer, std::string_view member) {
    EXPECT_EQ(answer.status, 201) << answer.body;
    const json::Value tree = parsed(answer.body);
    const json::Value* const object = member.empty() ? &tree : tree.find(member);
    return object == nullptr ? "" : text_of(*object, "id");
  }

  std::string absence_;
  std::string proposal_;
};

// A request that reaches a status. In `ids` "absence" and "proposal" stand for what was made
// before.
struct Cell {
  std::string operation;
  int status = 0;
  void (OperationsTest::*before)() = nullptr;
  const char* user = nobody;
  std::vector<std::string> ids;
  std::string body;
};

std::vector<Cell> cells() {
  using T = OperationsTest;
  const std::vector<std::string> one{workflow, first};
  const std::vector<std::string> two{workflow, second};
  const std::vector<std::string> none{"workflow_nope", first};
  const std::string whole = whole_answer();
  return {
      {"improver request", 201, &T::nothing, voter, {}, "{" + names + "}"},
      {"improver request", 400, &T::nothing, voter, {}, "{}"},
      {"improver request", 409, &T::nothing, jane, {}, janes},
      {"discover", 200, &T::nothing, jane, {}, ""},
      {"unpaid", 200, &T::nothing, jane, {}, ""},
      {"claim", 200, &T::nothing, jane, one, ""},
      {"claim", 400, &T::nothing, jane, two, ""},
      {"claim", 403, &T::nothing, wei, one, ""},
      {"claim", 404, &T::nothing, jane, none, ""},
      {"claim", 409, &T::claimed, ana, one, ""},
      {"start", 200, &T::claimed, jane, one, ""},
      {"start", 403, &T::nothing, jane, one, ""},
      {"start", 404, &T::nothing, jane, none, ""},
      {"start", 409, &T::claimed, jane, two, ""},
      {"complete", 200, &T::claimed, jane, one, whole},
      {"complete", 400, &T::claimed, jane, one, "{}"},
      {"complete", 403, &T::nothing, jane, one, whole},
      {"complete", 404, &T::nothing, jane, none, whole},
      {"payout request", 200, &T::unpaid, jane, one, ""},
      {"payout request", 409, &T::claimed, jane, one, ""},
      {"list absences", 200, &T::nothing, jane, {}, ""},
      {"create absence", 201, &T::claimed, jane, {}, absence},
      {"create absence", 400, &T::claimed, jane, {}, "{}"},
      {"create absence", 409, &T::nothing, jane, {}, absence},
      {"update absence", 200, &T::absent, jane, {"absence"}, absence},
      {"update absence", 400, &T::absent, jane, {"absence"}, "{}"},
      {"update absence", 404, &T::absent, ana, {"absence"}, absence},
      {"update absence", 409, &T::replaced, jane, {"absence"}, absence},
      {"delete absence", 200, &T::absent, jane, {"absence"}, ""},
      {"delete absence", 404, &T::absent, ana, {"absence"}, ""},
      {"delete absence", 409, &T::replaced, jane, {"absence"}, ""},
      {"unclaim", 200, &T::claimed, jane, {}, step_one},
      {"unclaim", 400, &T::claimed, jane, {}, "{}"},
      {"unclaim", 409, &T::nothing, jane, {}, step_one},
      {"rewards account", 200, &T::nothing, jane, {}, address},
      {"rewards account", 400, &T::nothing, jane, {}, R"({"primary_rewards_account":"0x12"})"},
      {"rewards account", 404, &T::nothing, admin, {}, address},
      {"list credential requests", 200, &T::nothing, jane, {}, ""},
      {"request credential", 201, &T::nothing, jane, {}, verifier},
      {"request credential", 400, &T::nothing, jane, {}, "{}"},
      {"request credential", 404, &T::nothing, jane, {}, R"({"credential_type":"pilot"})"},
      {"request credential", 409, &T::asked, jane, {}, verifier},
      {"propose", 201, &T::nothing, proposer, {}, "proposal"},
      {"propose", 400, &T::nothing, proposer, {}, "{}"},
      {"propose", 403, &T::nothing, jane, {}, "proposal"},
      {"get workflow", 200, &T::nothing, jane, {workflow}, ""},
      {"get workflow", 403, &T::nothing, nobody, {workflow}, ""},
      {"get workflow", 404, &T::nothing, jane, {"workflow_nope"}, ""},
      {"list proposed", 200, &T::nothing, proposer, {}, ""},
      {"get proposed", 200, &T::proposed, proposer, {"proposal"}, ""},
      {"get proposed", 403, &T::proposed, jane, {"proposal"}, ""},
      {"get proposed", 404, &T::nothing, proposer, {"workflow_nope"}, ""},
      {"withdraw", 200, &T::proposed, proposer, {"proposal"}, ""},
      {"withdraw", 400, &T::nothing, proposer, {workflow}, ""},
      {"withdraw", 403, &T::proposed, jane, {"proposal"}, ""},
      {"withdraw", 404, &T::nothing, proposer, {"workflow_nope"}, ""},
      {"active", 200, &T::nothing, jane, {}, ""},
  };
}

class AnswersTest : public OperationsTest {
 protected:
  Answer send(const Cell& cell) {
    const json::Value all = operations();
    const auto operation = std::ranges::find(
        all.elements, cell.operation, [](const json::Value& one) { return text_of(one, "name"); });
    std::string path = text_of(*operation, "path");
    for (const std::string& id : cell.ids)
      path.replace(path.find("{}"), 2,
                   id == "absence"    ? absence_
                   : id == "proposal" ? proposal_
                                      : id);
    httplib::Request request;
    request.method = text_of(*operation, "method");
    request.path = path;
    if (cell.user != std::string_view{nobody}) request.headers = as(cell.user);
    request.body = cell.body == "proposal" ? proposal() : cell.body;
    if (!request.body.empty()) request.set_header("Content-Type", "application/json");
    auto connection = client();
    return answer_of(connection.send(request));
  }

  // Everything as at the beginning, then what the cell needs.
  void begin(const Cell& cell) {
    EXPECT_EQ(test("reset", "{}").status, 200);
    EXPECT_EQ(test("seed", R"({"workflows":1})").status, 200);
    (this->*cell.before)();
  }
};

// What a cell of the table says: the error by name, or that it was done.
std::string words_of(const Answer& answer) {
  if (answer.status < 300) return "done";
  if (answer.body.empty()) return answer.status == 403 ? "forbidden" : "empty";
  return text_of(parsed(answer.body), "error");
}

TEST_F(AnswersTest, EachDocumentedStatusIsReached) {
  std::map<std::string, std::map<int, std::string>> reached;
  for (const Cell& cell : cells()) {
    begin(cell);
    const Answer answer = send(cell);
    EXPECT_EQ(answer.status, cell.status) << cell.operation << ": " << answer.body.substr(0, 300);
    reached[cell.operation][answer.status] = words_of(answer);
    if (answer.status >= 300) continue;
    // The switch: what is done and stored, and answered with 500 all the same.
    begin(cell);
    EXPECT_EQ(test("fault", R"({"mode":"commit_then_500","times":1})").status, 200);
    EXPECT_EQ(send(cell).status, 500) << cell.operation;
    reached[cell.operation][500] = "by the fault switch";
  }
  std::string table =
      "# What each documented operation answers\n\nWritten by `tests/operations_test.cpp`, which "
      "sends "
      "a request for each cell: the code of the refusal,\nor `done`. A status that the documents "
      "promise and nobody reached would be a failure of that test.\n\n"
      "| operation | 200 | 201 | 400 | 403 | 404 | 409 | 500 |\n| --- | --- | --- | --- | --- | "
      "--- "
      "| --- | --- |\n";
  const json::Value all = operations();
  for (const json::Value& operation : all.elements) {
    const std::string name = text_of(operation, "name");
    std::set<int> promised;
    for (const json::Value& status : operation.find("answers")->elements) {
      promised.insert(std::stoi(status.text));
      EXPECT_TRUE(reached[name].contains(std::stoi(status.text))) << name << ' ' << status.text;
    }
    table += "| `" + text_of(operation, "method") + ' ' + text_of(operation, "path") + "` |";
    for (const int status : {200, 201, 400, 403, 404, 409, 500})
      table += promised.contains(status) ? ' ' + reached[name][status] + " |" : " |";
    table += '\n';
  }
  const std::string file = std::string{SFLUV_TEST_DATA} + "/reference-server/ANSWERS.md";
  if (std::getenv("SFLUV_UPDATE_GOLDEN") != nullptr) std::ofstream{file} << table;
  EXPECT_EQ(table, read_test_file("reference-server/ANSWERS.md"));
}

// The list and the server know the same operations; what only the live system has is named here.
TEST(Operations, AreThoseOfTheServer) {
  const std::set<std::string> undocumented{"POST /workflows/{}/votes", "GET /voters/workflows",
                                           "GET /voters/workflows/{}", "GET /workflow-photos/{}",
                                           "POST /improvers/workflows/{}/steps/{}/photos"};
  std::set<std::string> documented;
  const json::Value all = operations();
  for (const json::Value& operation : all.elements)
    documented.insert(text_of(operation, "method") + ' ' + text_of(operation, "path"));
  EXPECT_EQ(documented.size(), 21U);
  std::set<std::string> served;
  for (const Family& family : families()) {
    for (const Endpoint& endpoint : family) {
      const std::string operation = std::string{endpoint.method} + ' ' + std::string{endpoint.path};
      served.insert(operation);
      EXPECT_TRUE(documented.contains(operation) || undocumented.contains(operation)) << operation;
    }
  }
  for (const std::string& operation : documented)
    EXPECT_TRUE(served.contains(operation)) << operation;
}

}  // namespace
}  // namespace sfluv::server
