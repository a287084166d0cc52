// SPDX-License-Identifier: MIT
#include "random_inputs.h"

#include <array>
#include <span>

#include "sfluv/json_writer.h"

#include "dice.h"

namespace sfluv::stream {
namespace {

using Texts = std::span<const std::string_view>;

constexpr std::array<std::string_view, 12> texts{"Done",
                                                 "",
                                                 " ",
                                                 "\xC2\xA0\xE3\x80\x80",
                                                 "\xE2\x80\x8B",
                                                 "ni\xC3\xB1o",
                                                 "\xE6\xBC\xA2\xE5\xAD\x97",
                                                 "\xF0\x9F\x98\x80 ok",
                                                 "a\"b\\c/d\n\t",
                                                 "  trimmed  ",
                                                 {"nul\0", 4},
                                                 "not utf-8 \xFF\xC3"};
constexpr std::array<std::string_view, 16> base64s{"AAAA",
                                                   "iVBORw0KGgo=",
                                                   "/9j/4AAQ",
                                                   "data:image/png;base64,iVBORw0KGgo=",
                                                   "AAA=",
                                                   "AA",
                                                   "AAA",
                                                   "",
                                                   "A",
                                                   "AA=",
                                                   "AAAA=",
                                                   "AA\r\nAA",
                                                   "AA AA",
                                                   "-_-_",
                                                   "data:image/png,AAAA",
                                                   "data:;base64,"};
constexpr std::array<std::string_view, 8> file_names{
    "before.jpg",
    "a/b/c.png",
    "..",
    "/",
    "",
    " photo ",
    "\xE6\xBC\xA2\xE5\xAD\x97.jpg",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "456789"
    "01234567890123456789012345678901234567890123456789012345678901234567890123456789\xE6\xBC\xA2."
    "jpg"};
constexpr std::array<std::string_view, 6> content_types{"image/jpeg", "",           "image/",
                                                        "IMAGE/PNG ", "text/plain", "image/heic"};
constexpr std::array<std::string_view, 9> amounts{
    "0",
    "50",
    "100000000000000000000",
    "9223372036854775808",
    "\"150000000000000000000\"",
    "115792089237316195423570985008687907853269984665640564039457584007913129639935",
    "115792089237316195423570985008687907853269984665640564039457584007913129639936",
    "1.5",
    "-1"};
constexpr std::array<std::string_view, 6> wrong{"null", "5", "\"x\"", "[]", "{}", "true"};
constexpr std::array<std::string_view, 5> people{"jane", "jane", "jane", "omar", "sam"};
constexpr std::array<std::string_view, 3> credentials{"dpw_certified", "sfluv_verifier", "other"};
constexpr std::array<std::string_view, 6> recurrences{"weekly",  "weekly",   "daily",
                                                      "monthly", "one_time", "fortnightly"};
constexpr std::array<std::string_view, 9> workflow_statuses{
    "approved", "in_progress", "in_progress", "in_progress", "completed",
    "paid_out", "blocked",     "skipped",     "archived"};
constexpr std::array<std::string_view, 6> step_statuses{"locked",    "available", "in_progress",
                                                        "completed", "paid_out",  "frozen"};
constexpr std::array<std::string_view, 4> body_pieces{"\\ud800", "\\ud83d\\ude00", "\xED\xA0\x80",
                                                      "}"};
constexpr std::array<std::string_view, 9> dates{"2024-03-20",
                                                "2024-03-27",
                                                "2024-03-20T08:00:00Z",
                                                "2024-03-20T08:00",
                                                "2024-03-20 08:00:00",
                                                "2024-02-30",
                                                "2023-01-01",
                                                "soon",
                                                "9999-12-31T23:59:59+14:00"};

constexpr std::int64_t start_s = 1'710'496'800;
constexpr std::int64_t day_s = 86'400;

// Chance is asked for once a full expression: the order of arguments differs between compilers.
class Inputs {
 public:
  explicit Inputs(std::uint64_t seed) : dice_(seed) {}

  std::string check_completion();
  std::string check_proposal();
  std::string check_rewards_account();
  std::string parse_amount();
  std::string read_answer();
  std::string deadline();
  std::string format_amount();
  std::string about_knowledge(bool with_action);

 private:
  bool one_in(std::int64_t n) { return dice_.below(n) == 0; }
  std::int64_t up_to(std::int64_t n) { return dice_.below(n + 1); }
  std::string_view of(Texts pool) {
    return pool[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(pool.size())))];
  }
  std::string id(std::string_view kind) {
    return std::string{kind} + std::to_string(dice_.below(3));
  }

  // A member as `write` writes it; seldom left out, null, or something else.
  template <class Write>
  void member(const char* name, Write&& write) {
    if (one_in(150)) return;
    out_.key(name);
    if (one_in(1000)) {
      out_.raw(of(wrong));
    } else {
      write();
    }
  }
  void text(const char* name, std::string_view value) {
    member(name, [&] { out_.string(value); });
  }
  void flag(const char* name, bool value) {
    member(name, [&] { out_.boolean(value); });
  }
  void number(const char* name, std::int64_t value) {
    member(name, [&] { out_.number(one_in(1000) ? INT64_MAX - up_to(2) : value); });
  }
  void amount(const char* name) {
    member(name, [&] { out_.raw(one_in(100) ? of(amounts) : "100000000000000000000"); });
  }
  template <class Write>
  void list(const char* name, std::int64_t count, Write&& write) {
    member(name, [&] { elements(count, write); });
  }
  template <class Write>
  void elements(std::int64_t count, Write&& write) {
    out_.begin_array();
    for (std::int64_t i = 0; i < count; ++i) write(i);
    out_.end_array();
  }
  template <class Write>
  void object(Write&& write) {
    out_.begin_object();
    write();
    out_.end_object();
  }

  void option(std::int64_t index);
  void work_item(std::int64_t index);
  void work_items() {
    list("work_items", up_to(3), [&](std::int64_t i) { work_item(i); });
  }
  std::string name() {
    if (one_in(20)) return std::string{of(texts)};
    return "Park " + std::to_string(up_to(9));
  }
  void proposed_option();
  void proposed_item();
  void proposed_step();
  void proposal();
  void upload(bool is_draft);
  void answers(bool is_draft);
  void given_answers();
  void submission();
  void step(std::int64_t index, std::int64_t done);
  void card(std::string_view workflow_id);
  void workflow(std::string_view workflow_id, std::int64_t occurrence);
  void some_workflow();
  void absence();
  void absences();
  void action();

  Dice dice_;
  JsonWriter out_;
  std::string named_;  ///< the last workflow, which an action is most likely about
};

void Inputs::option(std::int64_t index) {
  object([&] {
    text("value", index == 0 ? "yes" : "no");
    text("label", of(texts));
    flag("requires_written_response", one_in(4));
    if (one_in(4)) flag("requires_photo_attachment", true);
    list("notify_emails", up_to(1), [&](std::int64_t) { out_.string("a@b.org"); });
  });
}

void Inputs::work_item(std::int64_t index) {
  object([&] {
    text("id", "item" + std::to_string(index));
    number("item_order", index + 1);
    text("title", of(texts));
    flag("optional", one_in(3));
    flag("requires_photo", one_in(3));
    number("photo_required_count", up_to(2));
    flag("photo_allow_any_count", one_in(4));
    text("photo_aspect_ratio", one_in(2) ? "vertical" : "round");
    flag("requires_written_response", one_in(2));
    flag("requires_dropdown", one_in(4));
    list("dropdown_options", up_to(2), [&](std::int64_t i) { option(i); });
    member("dropdown_requires_written_response", [&] { object([&] { flag("no", one_in(2)); }); });
  });
}

void Inputs::upload(bool is_draft) {
  object([&] {
    text("file_name", of(file_names));
    text("content_type", one_in(3) ? of(content_types) : "image/jpeg");
    if (is_draft) {
      number("size_bytes", one_in(10) ? up_to(1) : 1000 + up_to(5'000'000));
    } else {
      text("data_base64", one_in(3) ? of(base64s) : "/9j/4AAQ");
    }
  });
}

// To all of the items, or to some that may not be there.
void Inputs::answers(bool is_draft) {
  object([&] {
    if (one_in(8)) flag("step_not_possible", true);
    if (one_in(8)) text("step_not_possible_details", of(texts));
    list("items", one_in(4) ? up_to(4) : 3, [&](std::int64_t i) {
      object([&] {
        text("item_id", one_in(12) ? std::string{of(texts)} : "item" + std::to_string(i));
        text("written_response", one_in(3) ? of(texts) : "Done");
        if (one_in(3)) text("dropdown_value", one_in(2) ? "yes" : of(texts));
        if (one_in(6)) list("photo_ids", up_to(2), [&](std::int64_t) { out_.string(of(texts)); });
        if (one_in(2)) list("photo_uploads", up_to(2), [&](std::int64_t) { upload(is_draft); });
      });
    });
  });
}

void Inputs::given_answers() {
  if (one_in(3)) {
    out_.key("draft");
    answers(true);
  } else if (one_in(2)) {
    out_.key("request");
    answers(false);
  } else {
    Inputs raw{static_cast<std::uint64_t>(dice_.below(INT64_MAX))};
    raw.answers(false);
    std::string body = raw.out_.take();
    if (one_in(4)) body.resize(static_cast<std::size_t>(up_to(std::ssize(body))));
    if (one_in(4)) body.insert(body.size() / 2, of(body_pieces));
    out_.key("request_raw").string(body);
  }
}

void Inputs::submission() {
  object([&] {
    text("id", id("submission"));
    text("improver_id", of(people));
    list("item_responses", up_to(2), [&](std::int64_t i) {
      object([&] {
        text("item_id", "item" + std::to_string(i));
        if (one_in(2)) text("written_response", of(texts));
        if (one_in(3)) list("photo_ids", 1, [&](std::int64_t) { out_.string("photo"); });
      });
    });
    number("submitted_at", start_s + up_to(day_s));
  });
}

// Of a workflow in which so many steps are done.
void Inputs::step(std::int64_t index, std::int64_t done) {
  static constexpr std::array<std::string_view, 5> statuses{"paid_out", "completed", "in_progress",
                                                            "available", "locked"};
  const std::int64_t open = one_in(2) ? 2 : 3;
  const std::int64_t likely = index < done ? up_to(1) : index == done ? open : 4;
  const std::string_view status =
      one_in(12) ? of(step_statuses) : statuses[static_cast<std::size_t>(likely)];
  object([&] {
    text("id", "step" + std::to_string(index));
    number("step_order", index + 1);
    text("title", of(texts));
    amount("bounty");
    flag("allow_step_not_possible", one_in(2));
    text("role_id", index == 2 ? "verifier" : "cleaner");
    if (likely < 3 || one_in(2)) text("assigned_improver_id", of(people));
    text("status", status);
    if (likely < 3) number("started_at", start_s + up_to(day_s));
    if (likely < 2) number("completed_at", start_s + up_to(day_s));
    if (one_in(4)) text("payout_error", "insufficient balance in faucet");
    if (likely < 2) member("submission", [&] { submission(); });
    work_items();
  });
}

// As a light list of the live system has it.
void Inputs::card(std::string_view workflow_id) {
  const auto summary = [&] {
    object([&] {
      text("id", id("step"));
      number("step_order", 1 + up_to(2));
      text("status", of(step_statuses));
    });
  };
  object([&] {
    text("id", workflow_id);
    text("series_id", "series");
    text("status", of(workflow_statuses));
    number("start_at", start_s);
    list("assigned_steps", up_to(2), [&](std::int64_t) { summary(); });
    if (one_in(2)) member("claimable_step", summary);
  });
}

void Inputs::workflow(std::string_view workflow_id, std::int64_t occurrence) {
  const std::int64_t done = up_to(2);
  named_ = workflow_id;
  object([&] {
    text("id", workflow_id);
    text("series_id", one_in(20) ? "other" : "series");
    text("title", of(texts));
    text("recurrence", of(recurrences));
    number("start_at", start_s + occurrence * 7 * day_s);
    text("status", one_in(3) ? of(workflow_statuses) : "in_progress");
    flag("is_start_blocked", one_in(10));
    amount("total_bounty");
    amount("supervisor_bounty");
    if (one_in(3)) text("supervisor_user_id", of(people));
    flag("supervisor_required", one_in(3));
    number("created_at", start_s - up_to(day_s));
    list("roles", 2, [&](std::int64_t i) {
      object([&] {
        text("id", i == 0 ? "cleaner" : "verifier");
        list("required_credentials", one_in(8) ? 0 : 1,
             [&](std::int64_t) { out_.string(i == 0 ? "dpw_certified" : "sfluv_verifier"); });
      });
    });
    list("steps", one_in(20) ? 0 : 3, [&](std::int64_t i) { step(i, done); });
    if (one_in(10)) text("field_of_a_newer_version", of(texts));
  });
}

void Inputs::some_workflow() {
  const std::int64_t occurrence = up_to(2);
  const std::string workflow_id = "workflow" + std::to_string(occurrence);
  one_in(5) ? card(workflow_id) : workflow(workflow_id, occurrence);
}

void Inputs::absence() {
  object([&] {
    text("id", id("absence"));
    text("improver_id", of(people));
    text("series_id", "series");
    number("step_order", 1 + up_to(2));
    const std::int64_t from_s = start_s + up_to(20) * day_s;
    number("absent_from", from_s);
    number("absent_until", from_s + up_to(9) * day_s);
  });
}

void Inputs::absences() {
  const std::int64_t count = up_to(2);
  if (one_in(2)) return elements(count, [&](std::int64_t) { absence(); });
  object([&] {
    const char* const name = one_in(2) ? "absences" : "items";
    list(name, count, [&](std::int64_t) { absence(); });
    number("total", count);
  });
}

void Inputs::action() {
  static constexpr std::array<std::string_view, 10> types{
      "claim",   "claim",          "start",          "complete",       "complete",
      "unclaim", "payout_request", "absence_create", "absence_update", "absence_delete"};
  const std::string_view type = one_in(60) ? of(texts) : of(types);
  object([&] {
    text("type", type);
    text("workflow_id", one_in(8) ? id("workflow") : named_);
    text("step_id", id("step"));
    text("series_id", one_in(10) ? of(texts) : "series");
    number("step_order", up_to(3));
    text("absent_from", one_in(3) ? of(dates) : "2024-03-20");
    text("absent_until", one_in(3) ? of(dates) : "2024-04-20");
    text("absence_id", id("absence"));
    if (type == "complete") given_answers();
  });
}

std::string Inputs::check_completion() {
  object([&] {
    work_items();
    flag("allow_step_not_possible", one_in(2));
    if (one_in(5)) number("photo_bytes_max", up_to(5'000'000));
    if (one_in(5)) number("request_bytes_max", up_to(20'000'000));
    given_answers();
  });
  return out_.take();
}

void Inputs::proposed_option() {
  object([&] {
    text("label", name());
    flag("requires_written_response", one_in(3));
    if (!one_in(3)) return;
    list("notify_emails", up_to(2),
         [&](std::int64_t) { out_.string(one_in(9) ? of(texts) : "Boss@Example.org"); });
  });
}

void Inputs::proposed_item() {
  object([&] {
    text("title", name());
    flag("optional", one_in(3));
    flag("requires_photo", one_in(2));
    number("photo_required_count", up_to(3));
    if (one_in(4)) text("photo_aspect_ratio", one_in(2) ? "Vertical " : of(texts));
    flag("requires_written_response", !one_in(3));
    flag("requires_dropdown", one_in(5));
    list("dropdown_options", up_to(3), [&](std::int64_t) { proposed_option(); });
  });
}

void Inputs::proposed_step() {
  object([&] {
    text("title", name());
    text("description", of(texts));
    amount("bounty");
    text("role_client_id", one_in(15) ? of(texts) : "r0");
    flag("allow_step_not_possible", one_in(3));
    list("work_items", up_to(2), [&](std::int64_t) { proposed_item(); });
  });
}

void Inputs::proposal() {
  object([&] {
    text("title", name());
    text("description", name());
    text("recurrence", one_in(9) ? of(recurrences) : "weekly");
    text("start_at", one_in(9) ? of(dates) : "2024-03-20T08:00:00+02:00");
    if (one_in(9)) text("series_id", id("series"));
    if (one_in(9)) text("recurrence_end_at", of(dates));
    if (one_in(2)) {
      member("supervisor", [&] {
        object([&] {
          text("user_id", one_in(9) ? of(people) : "omar");
          amount("bounty");
        });
      });
    }
    list("roles", one_in(20) ? up_to(2) : 1, [&](std::int64_t i) {
      object([&] {
        text("client_id", "r" + std::to_string(one_in(20) ? 0 : i));
        text("title", name());
        list("required_credentials", 1,
             [&](std::int64_t) { out_.string(one_in(20) ? of(credentials) : "dpw_certified"); });
      });
    });
    list("steps", one_in(20) ? up_to(2) : 1, [&](std::int64_t) { proposed_step(); });
  });
}

std::string Inputs::check_proposal() {
  object([&] {
    member("context", [&] {
      object([&] {
        text("profile", one_in(2) ? "live" : "documents");
        number("now", start_s);
        text("proposer_id", one_in(4) ? "omar" : "jane");
        if (one_in(20)) text("proposer_status", one_in(2) ? "none" : "pending");
        list("supervisors", 2, [&](std::int64_t) { out_.string(one_in(4) ? "sam" : "omar"); });
        list("credential_types", 1, [&](std::int64_t) { out_.string("dpw_certified"); });
        list("own_series", up_to(1), [&](std::int64_t) {
          object([&] {
            text("id", id("series"));
            text("recurrence", "weekly");
          });
        });
      });
    });
    out_.key(one_in(2) ? "draft" : "request");
    proposal();
  });
  return out_.take();
}

std::string Inputs::check_rewards_account() {
  static constexpr std::string_view digits = "0123456789abcdefABCDEF";
  std::string address = one_in(9) ? "" : one_in(9) ? "0X" : "0x";
  const std::int64_t length = one_in(9) ? up_to(41) : 40;
  const std::int64_t cases = one_in(2) ? 16 : 22;  // without capitals no checksum is claimed
  for (std::int64_t i = 0; i < length; ++i)
    address += digits[static_cast<std::size_t>(dice_.below(cases))];
  if (one_in(9)) address = of(texts);
  object([&] {
    text("primary_rewards_account", address);
    text("profile", one_in(2) ? "live" : "documents");
  });
  return out_.take();
}

std::string Inputs::parse_amount() {
  std::string typed;
  if (!one_in(9)) {
    const std::int64_t most = one_in(2) ? 100 : INT64_MAX - 1;
    typed = std::to_string(up_to(most));
  }
  if (one_in(2)) typed += one_in(9) ? "," : ".";
  if (one_in(2)) typed += std::to_string(up_to(1000));
  if (one_in(9)) typed = of(amounts);
  typed += one_in(9) ? "\nx" : one_in(2) ? "\nlive" : "\ndocuments";
  return typed;
}

std::string Inputs::read_answer() {
  static constexpr std::array<std::string_view, 8> kinds{
      "workflow",       "workflows", "workflows", "absences",
      "absence_change", "unclaim",   "improver",  "credential_requests"};
  const std::string kind{of(kinds)};
  if (kind == "workflow") {
    some_workflow();
  } else if (kind == "workflows" && one_in(2)) {
    elements(up_to(2), [&](std::int64_t) { some_workflow(); });
  } else if (kind == "workflows") {
    object([&] {
      list("active_credentials", up_to(2), [&](std::int64_t) { out_.string(of(credentials)); });
      const char* const name = one_in(2) ? "workflows" : "items";
      list(name, up_to(2), [&](std::int64_t) { some_workflow(); });
      number("total", up_to(40));
    });
  } else if (kind == "absences") {
    absences();
  } else {
    object([&] {
      text("series_id", of(texts));
      text("status", of(texts));
      text("email", of(texts));
      number("released_count", up_to(3));
      if (kind == "absence_change") member("absence", [&] { absence(); });
      if (kind == "credential_requests") {
        list("requests", up_to(2),
             [&](std::int64_t) { object([&] { text("status", of(texts)); }); });
      }
    });
  }
  return kind + "\n" + out_.take();
}

std::string Inputs::deadline() {
  workflow("workflow0", up_to(200) - 100);
  return out_.take();
}

std::string Inputs::format_amount() {
  std::string digits{of(amounts)};
  if (one_in(2)) {
    digits = std::to_string(dice_.below(INT64_MAX));
    digits.append(static_cast<std::size_t>(up_to(60)), '0');
  }
  digits += one_in(9) ? "\nx" : one_in(2) ? "\nlive" : "\ndocuments";
  return digits;
}

std::string Inputs::about_knowledge(bool with_action) {
  object([&] {
    text("profile", one_in(2) ? "live" : "documents");
    number("now_s", start_s + (one_in(3) ? up_to(30) * day_s - day_s : up_to(6) * day_s));
    member("caller", [&] {
      object([&] {
        text("id", of(people));
        if (!one_in(6)) {
          list("credentials", up_to(2),
               [&](std::int64_t i) { out_.string(credentials[static_cast<std::size_t>(i)]); });
        }
      });
    });
    list("known", 1 + up_to(3), [&](std::int64_t) {
      if (one_in(3)) return elements(up_to(2), [&](std::int64_t) { some_workflow(); });
      some_workflow();
    });
    if (!one_in(5)) member("absences", [&] { absences(); });
    if (with_action) member("action", [&] { action(); });
  });
  return out_.take();
}

}  // namespace

const std::vector<std::string_view>& calls() {
  static const std::vector<std::string_view> names{
      "check_completion", "check_proposal", "check_rewards_account",
      "deadline",         "discover",       "format_amount",
      "parse_amount",     "predict",        "read_answer"};
  return names;
}

std::string random_input(std::string_view call, std::uint64_t seed) {
  Inputs inputs{seed + 1};
  if (call == "check_completion") return inputs.check_completion();
  if (call == "check_proposal") return inputs.check_proposal();
  if (call == "check_rewards_account") return inputs.check_rewards_account();
  if (call == "deadline") return inputs.deadline();
  if (call == "discover") return inputs.about_knowledge(false);
  if (call == "format_amount") return inputs.format_amount();
  if (call == "parse_amount") return inputs.parse_amount();
  if (call == "predict") return inputs.about_knowledge(true);
  if (call == "read_answer") return inputs.read_answer();
  return "";
}

}  // namespace sfluv::stream
