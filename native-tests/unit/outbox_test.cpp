// SPDX-License-Identifier: MIT
#include "sfluv/outbox.h"

#include <gtest/gtest.h>
#include <set>

#include "unit/outbox_fixture.h"

namespace sfluv::outbox::testing {
namespace {

constexpr std::int64_t second = 1'000, minute = 60 * second, hour = 60 * minute;
const Queue mine{.account = "did:me"};

TEST(Outbox, TheHappyPathPersistsBeforeItActs) {
  Driver driver{sealed()};
  EXPECT_EQ(driver.state(), State::queued);
  ASSERT_NE(driver.effect<WakeAt>(), nullptr);
  EXPECT_EQ(driver.effect<WakeAt>()->at_ms, t0);

  auto moved = driver.raw(Wake{});
  ASSERT_EQ(moved.effects.size(), 1u);  // nothing but the persist
  ASSERT_NE(driver.effect<Persist>(), nullptr);
  driver.raw(Stored{.token = driver.record().revision});
  ASSERT_NE(driver.effect<Read>(), nullptr);
  EXPECT_EQ(driver.effect<Read>()->path, "/workflows/w%2F1");

  driver.raw(Answered{.op = Op::read,
                      .status = 200,
                      .auth_reason = {},
                      .retry_after_ms = {},
                      .body = open_document});
  EXPECT_EQ(driver.state(), State::sending);
  EXPECT_EQ(driver.effect<Send>(), nullptr);
  driver.raw(Stored{.token = driver.record().revision});
  const Send* const send = driver.effect<Send>();
  ASSERT_NE(send, nullptr);
  EXPECT_EQ(send->path, "/improvers/workflows/w%2F1/steps/s1/complete");
  EXPECT_EQ(send->attempt, 1u);
  EXPECT_EQ(send->body_bytes, driver.record().content.body_bytes);
  driver.raw(Stored{.token = driver.record().revision});  // said twice: no second send
  EXPECT_EQ(driver.effect<Send>(), nullptr);

  driver.answer(200, strong_document);
  EXPECT_EQ(driver.state(), State::delivered);
  EXPECT_EQ(driver.record().receipt,
            (Receipt{.submission_id = "sub9", .evidence = Evidence::strong, .at_ms = t0}));
}

TEST(Outbox, TheBodyIsExact) {
  const Record record = sealed();
  std::string body;
  for (const Segment& part : body_plan(record.content)) {
    body += part.photo_key.empty() ? part.text : "<" + part.photo_key + ">";
  }
  EXPECT_EQ(
      body,
      R"({"step_not_possible":false,"items":[{"item_id":"i1","photo_uploads":[)"
      R"({"file_name":"before-after-m-ll-abababababab-123456.jpg","content_type":"image/jpeg","data_base64":"<k1>"},)"
      R"({"file_name":"before-after-m-ll-abababababab-123456-2.jpg","content_type":"image/jpeg","data_base64":"<k2>"}]},)"
      R"({"item_id":"i2","written_response":"all \"done\""}]})");
  EXPECT_EQ(record.content.body_bytes, body.size() - 2 * 4 + 2 * 8);
}

TEST(Outbox, AnAnswerThatLooksLikeAPhotoHoleIsNone) {
  Draft tricky = draft();
  tricky.request.items[1].written_response = R"(x "data_base64":"" \"data_base64\":\"\" y)";
  const auto moved = seal(std::move(tricky), t0, {.now_ms = t0});
  ASSERT_TRUE(moved);
  const auto plan = body_plan(moved->content);
  ASSERT_EQ(plan.size(), 5u);
  EXPECT_TRUE(plan[2].text.starts_with("\"},{\"file_name\""));
}

TEST(Outbox, LabelsAreShortAsciiOrPhoto) {
  for (const auto& [title, label] : std::vector<std::pair<std::string, std::string>>{
           {"公園", "photo-"},
           {"", "photo-"},
           {"  A--b ", "a-b-"},
           {std::string(200, 'x'), std::string(40, 'x') + "-"}}) {
    Draft titled = draft();
    titled.work_items[0].title = title;
    const auto moved = seal(std::move(titled), t0, {.now_ms = t0});
    const std::string& name = moved->content.photos[0].file_name;
    EXPECT_TRUE(name.starts_with(label + "abababababab")) << name;
    EXPECT_LE(name.size(), 100u);
    EXPECT_EQ(stored_file_name(name), name);
  }
}

TEST(Outbox, AnIncompleteDraftIsNotSealed) {
  Draft incomplete = draft();
  incomplete.request.items[0].photo_uploads.pop_back();
  incomplete.request.items[1].written_response = " ";
  const auto refused = seal(std::move(incomplete), t0, {.now_ms = t0});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().size(), 2u);
}

TEST(Outbox, NotPossibleHasNoItems) {
  Draft not_possible = draft();
  not_possible.allow_step_not_possible = true;
  not_possible.request = {.step_not_possible = true, .step_not_possible_details = " rain "};
  not_possible.uploads.clear();
  const auto moved = seal(std::move(not_possible), t0, {.now_ms = t0});
  ASSERT_TRUE(moved);
  EXPECT_EQ(body_plan(moved->content).front().text,
            R"({"step_not_possible":true,"step_not_possible_details":"rain","items":[]})");
}

// Every answer to complete that is no proof, and what comes of it when the server has it, does not
// have it, and answers nothing else. A refusal is believed when a reading after the quiet period
// shows the step open: a hidden copy may have been taken, and a replica may lag behind.
struct Class {
  std::int32_t status;
  std::string body;
  State when_open;
  Why why;
};

class EveryAnswer : public ::testing::TestWithParam<Class> {};

TEST_P(EveryAnswer, IsCheckedBeforeItIsBelieved) {
  Driver driver;
  driver.sent().answer(GetParam().status, GetParam().body);
  ASSERT_EQ(driver.state(), State::unknown);
  Driver accepted = driver;
  EXPECT_EQ(accepted.due().read(medium_document).state(), State::delivered);
  while (driver.record().open_readings == 0) driver.due().read(open_document);
  EXPECT_GE(driver.now_ms(), t0 + 10 * second);
  EXPECT_EQ(driver.state(), GetParam().when_open);
  EXPECT_EQ(driver.why(), GetParam().why);
  if (driver.state() == State::needs_fix || driver.state() == State::needs_user) {
    ASSERT_TRUE(driver.record().server);
    EXPECT_EQ(driver.record().server->status, GetParam().status);
    EXPECT_EQ(driver.record().server->text, GetParam().body.substr(0, server_text_bytes_max));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Outbox, EveryAnswer,
    ::testing::Values(
        Class{0, "", State::unknown, Why::quiet}, Class{20, "", State::unknown, Why::quiet},
        Class{101, "", State::unknown, Why::quiet}, Class{200, "", State::unknown, Why::quiet},
        Class{200, "<html>Wi-Fi</html>", State::unknown, Why::quiet},
        Class{200, strong_document.substr(0, 60), State::unknown, Why::quiet},
        Class{200, "{\"id\":\"another\"}", State::unknown, Why::quiet},
        Class{200, open_document, State::unknown, Why::quiet},
        Class{200, blind_document, State::unknown, Why::quiet},
        Class{302, "", State::unknown, Why::quiet},
        Class{400, "step has already been completed", State::needs_fix, Why::rejected},
        Class{401, "", State::unknown, Why::quiet}, Class{403, "", State::unknown, Why::quiet},
        Class{403, "not assigned", State::needs_user, Why::refused},
        Class{404, "", State::unknown, Why::quiet},
        Class{405, "no", State::needs_user, Why::refused},
        Class{408, "", State::unknown, Why::quiet},
        Class{409, "no", State::needs_fix, Why::rejected},
        Class{413, "too big", State::needs_user, Why::too_large},
        Class{422, std::string(2000, 'x'), State::needs_fix, Why::rejected},
        Class{425, "", State::unknown, Why::quiet}, Class{429, "", State::unknown, Why::quiet},
        Class{500, "", State::unknown, Why::quiet}, Class{502, "", State::unknown, Why::quiet},
        Class{503, "", State::unknown, Why::quiet}, Class{999, "", State::unknown, Why::quiet}));

TEST(Outbox, ALostAnswerIsReadBack) {
  Driver driver;
  driver.sent().say(Unreachable{.op = Op::send});
  EXPECT_EQ(driver.state(), State::unknown);
  EXPECT_GE(driver.record().due_ms, t0 + 10 * second);
  EXPECT_LT(driver.record().due_ms, t0 + 11 * second);
  driver.due();
  EXPECT_EQ(driver.state(), State::reconciling);
  driver.read(strong_document);
  EXPECT_EQ(driver.state(), State::delivered);
  EXPECT_EQ(driver.record().attempts, 1u);
}

TEST(Outbox, OnlyTwoQuietOpenReadingsAllowAnotherSend) {
  Driver driver;
  driver.sent().say(Unreachable{.op = Op::send});
  driver.later(6 * second).retry().read(open_document);  // too early to count
  EXPECT_EQ(driver.record().open_readings, 0u);
  driver.due().read(open_document);
  EXPECT_EQ(driver.record().open_readings, 1u);
  EXPECT_EQ(driver.record().due_ms, driver.now_ms() + minute);
  driver.later(6 * second).retry().read(open_document);  // neither does the second one
  EXPECT_EQ(driver.record().open_readings, 1u);
  driver.due().read(open_document);
  EXPECT_EQ(driver.state(), State::waiting);
  EXPECT_EQ(driver.why(), Why::unreachable);
  driver.due();
  EXPECT_EQ(driver.state(), State::probing);
  driver.read(open_document);
  ASSERT_NE(driver.effect<Send>(), nullptr);
  EXPECT_EQ(driver.effect<Send>()->attempt, 2u);
}

TEST(Outbox, ABodyMayStillBeArriving) {
  Record record = sealed();
  record.content.body_bytes = 100 << 20;
  Driver driver{record};
  driver.sent().later(20 * second).say(Unreachable{.op = Op::send});
  // Twice what was observed, and what a socket buffer holds at 20 kB/s; a first look comes sooner.
  EXPECT_EQ(driver.record().quiet_until_ms, driver.now_ms() + 40 * second + (4 << 20) / 20);
  EXPECT_EQ(driver.record().due_ms, driver.now_ms() + 10 * second);
  driver.due().read(open_document);
  EXPECT_EQ(driver.record().open_readings, 0u);
  EXPECT_EQ(driver.record().due_ms, driver.record().quiet_until_ms);
}

TEST(Outbox, WhatTheReadingShows) {
  struct Row {
    std::string document;
    State before_any_send, after_a_send;
    Why why_before, why_after;
  };
  const std::vector<Row> rows = {
      {strong_document, State::delivered, State::delivered, Why::none, Why::none},
      {medium_document, State::needs_user, State::delivered, Why::conflict, Why::none},
      {blind_document, State::needs_user, State::delivered, Why::conflict, Why::none},
      {workflow_document(
           {.step_status = "completed", .submission = submission("other", Photos::shown)}),
       State::needs_user, State::needs_user, Why::conflict, Why::conflict},
      {workflow_document({.step_status = "completed", .assigned = "did:other"}), State::needs_user,
       State::needs_user, Why::not_mine, Why::not_mine},
      {workflow_document({.assigned = "did:other"}), State::needs_user, State::needs_user,
       Why::not_mine, Why::not_mine},
      {workflow_document({.step_status = "locked"}), State::waiting, State::unknown, Why::locked,
       Why::quiet},
      {workflow_document({.workflow_status = "blocked"}), State::waiting, State::unknown,
       Why::locked, Why::quiet},
      {workflow_document({.workflow_status = "expired"}), State::needs_user, State::needs_user,
       Why::closed, Why::closed},
      {R"({"id":"w/1","status":"approved","steps":[]})", State::needs_user, State::needs_user,
       Why::gone, Why::gone},
      {"<html>", State::waiting, State::unknown, Why::unreadable, Why::unreadable},
      {"", State::waiting, State::unknown, Why::unreadable, Why::unreadable},
  };
  for (const Row& row : rows) {
    Driver before;
    before.due().read(row.document);
    EXPECT_EQ(before.state(), row.before_any_send) << row.document;
    EXPECT_EQ(before.why(), row.why_before) << row.document;
    Driver after;
    after.sent().say(Unreachable{.op = Op::send}).due().read(row.document);
    EXPECT_EQ(after.state(), row.after_a_send) << row.document;
    EXPECT_EQ(after.why(), row.why_after) << row.document;
  }
}

TEST(Outbox, ReadingsThatFailWaitAndLoseNothing) {
  for (const auto& [status, why] :
       std::vector<std::pair<std::int32_t, Why>>{{401, Why::auth},
                                                 {403, Why::auth},
                                                 {408, Why::server_busy},
                                                 {425, Why::server_busy},
                                                 {429, Why::server_busy},
                                                 {503, Why::server_busy},
                                                 {500, Why::server_error},
                                                 {304, Why::unreadable},
                                                 {0, Why::unreadable}}) {
    Driver driver;
    driver.due().read({}, status);
    EXPECT_EQ(driver.state(), State::waiting) << status;
    EXPECT_EQ(driver.why(), why) << status;
    EXPECT_GT(driver.record().due_ms, driver.now_ms());
    EXPECT_EQ(driver.sent().answer(200, strong_document).state(), State::delivered);
  }
}

TEST(Outbox, RetryAfterIsKeptUpToAnHour) {
  for (const auto& [asked, kept] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {30 * second, 30 * second}, {48 * 60 * minute, 60 * minute}, {-5, second}}) {
    Driver driver;
    driver.sent().answer(503, "", asked);
    EXPECT_EQ(driver.why(), Why::server_busy);
    EXPECT_EQ(driver.record().due_ms, t0 + kept);
    EXPECT_EQ(driver.later(6 * second).say(Wake{}).state(),
              kept > 6 * second ? State::unknown : State::reconciling);
  }
}

// Records of other versions and other devices may stand where ours never do; the rules are the
// same.
TEST(Outbox, ACountThatIsShortIsMadeFull) {
  Record waiting = Driver{}.sent().answer(500).due().read(open_document).record();
  ASSERT_EQ(waiting.open_readings, 1u);
  waiting.state = State::waiting;
  waiting.pending = Pending::store;
  Driver driver{waiting, t0 + hour};
  driver.due();
  ASSERT_EQ(driver.state(), State::probing);
  EXPECT_EQ(driver.read(open_document).state(), State::waiting);
  EXPECT_EQ(driver.due().read(open_document).state(), State::sending);
  Record probed = sealed();
  probed.probed_open = true;  // and never sent: what is done was done by somebody else
  EXPECT_EQ(Driver{probed}.due().read(medium_document).why(), Why::conflict);
}

TEST(Outbox, APageOfWordsForBrowsersIsNotShownToPeople) {
  Driver driver;
  driver.sent().answer(400, " <html><body>Bad Request</body></html>");
  ASSERT_TRUE(driver.record().server);
  EXPECT_EQ(driver.record().server->text, "");
  EXPECT_EQ(driver.record().server->status, 400);
}

TEST(Outbox, AStatusThatNobodyKnowsIsNoAnswer) {
  Driver driver;
  driver.due().read(open_document, 999);
  EXPECT_EQ(driver.state(), State::waiting);
  EXPECT_EQ(driver.why(), Why::unreadable);
}

TEST(Outbox, WhatIsLockedAfterAnAttemptWaitsForItsTurn) {
  const std::string locked = workflow_document({.step_status = "locked"});
  Driver driver;
  driver.sent().answer(500).due().read(locked);
  EXPECT_EQ(driver.why(), Why::quiet);
  driver.due().read(locked);
  EXPECT_EQ(driver.state(), State::waiting);
  EXPECT_EQ(driver.why(), Why::locked);
  EXPECT_EQ(driver.due().read(open_document).state(), State::sending);
}

TEST(Outbox, ATapOnWhatWaitsForAnotherAttemptKeepsItsReadings) {
  Driver driver;
  driver.sent().answer(500).due().read(open_document).due().read(open_document);
  ASSERT_EQ(driver.state(), State::waiting);
  EXPECT_EQ(driver.ask(Action::retry).state(), State::queued);
  EXPECT_EQ(driver.ask(Action::retry).state(), State::queued);
  EXPECT_EQ(driver.say(Wake{}).read(open_document).state(), State::sending);
}

TEST(Outbox, PathsAreEscaped) {
  Content content = sealed().content;
  content.workflow_id = "aZ09-_.~/{[:\xC3\xA9";
  Driver driver{seal({.content =
                          [&] {
                            Content start = wish(Kind::start);
                            start.workflow_id = content.workflow_id;
                            return start;
                          }()},
                     1, {.now_ms = t0})
                    .value()};
  driver.due();
  ASSERT_NE(driver.effect<Read>(), nullptr);
  EXPECT_EQ(driver.effect<Read>()->path, "/workflows/aZ09-_.~%2F%7B%5B%3A%C3%A9");
}

// The names say item, content, submission and kind of file, and the digests travel beside the keys.
TEST(Outbox, EachItemHasItsOwnPhotos) {
  const Record record = seal(draft_of_two_photo_items(), t0, {.now_ms = t0}).value();
  std::string names;
  for (const Photo& photo : record.content.photos) names += photo.item_id + photo.file_name + ' ';
  EXPECT_EQ(names,
            "i1before-after-m-ll-abababababab-123456.png "
            "i2bench-3-new-abababababab-123456.webp ");
  const auto plan = body_plan(record.content);
  ASSERT_EQ(plan.size(), 5u);
  EXPECT_EQ(plan[1].photo_key, "k1");
  EXPECT_EQ(plan[3].photo_key, "k2");
  EXPECT_EQ(plan[3].sha256, record.content.photos[1].sha256);
}

TEST(Outbox, ARefusalWhileTheStepIsLockedIsNoVerdict) {
  Driver driver;
  driver.sent()
      .answer(400, "not available yet")
      .due()
      .read(workflow_document({.step_status = "locked"}));
  EXPECT_EQ(driver.state(), State::unknown);
  driver.due().read(open_document).due().read(open_document);
  EXPECT_EQ(driver.state(), State::waiting);
}

TEST(Outbox, HintsPullForwardButNotInBursts) {
  Driver driver;
  for (int i = 0; i < 12; ++i) driver.due().say(Unreachable{.op = Op::read});
  Record far = driver.record();
  far.due_ms = driver.now_ms() + 4 * minute;
  far.wait_ms = 4 * minute;
  Driver early{far, driver.now_ms()};
  EXPECT_EQ(early.later(second).say(Wake{}).state(), State::waiting);
  ASSERT_NE(early.effect<WakeAt>(), nullptr);
  EXPECT_EQ(early.effect<WakeAt>()->at_ms, far.due_ms);
  EXPECT_EQ(early.queue_event(Hinted{}).say(Wake{}).state(), State::probing);
  // The wait that began after the hint is not shortened by it, and another hint comes too soon.
  early.say(Unreachable{.op = Op::read}).later(1).queue_event(Hinted{});
  EXPECT_EQ(early.say(Wake{}).state(), State::waiting);
  EXPECT_EQ(early.later(5 * second).queue_event(Hinted{}).say(Wake{}).state(), State::probing);
  Driver tapped{far, driver.now_ms()};
  EXPECT_EQ(tapped.retry().state(), State::probing);
}

TEST(Outbox, BackoffIsJitteredCappedAndFloored) {
  std::set<std::int64_t> waits_ms;
  for (const std::uint64_t entropy : {0ull, 1ull, 77ull, ~0ull}) {
    for (const std::int64_t age : {std::int64_t{0}, 25 * 60 * minute}) {
      Record record = Driver{}.due().record();
      record.failures = 1'000'000;
      const auto moved = advance(mine, record, Unreachable{.op = Op::read},
                                 {.now_ms = t0 + age, .entropy = entropy});
      const std::int64_t wait_ms = moved.record.due_ms - (t0 + age);
      waits_ms.insert(wait_ms);
      EXPECT_GE(wait_ms, second);
      EXPECT_LE(wait_ms, age == 0 ? 5 * minute : 30 * minute);
      record.failures = 0;
      const auto first =
          advance(mine, record, Unreachable{.op = Op::read}, {.now_ms = t0, .entropy = entropy});
      EXPECT_LE(first.record.due_ms - t0, 4 * second);
    }
  }
  EXPECT_EQ(waits_ms.size(), 8u);  // no two come back together
}

TEST(Outbox, AClockThatJumpsDelaysByOneWaitAtMost) {
  Driver driver;
  driver.due().say(Unreachable{.op = Op::read});
  const std::int64_t wait_ms = driver.record().wait_ms;
  constexpr std::int64_t ten_years_ms = 315'360'000'000;
  Driver back{driver.record(), t0 - ten_years_ms};
  back.say(Wake{});
  if (back.state() == State::queued) {  // unless the hint was taken
    EXPECT_EQ(back.record().due_ms, t0 - ten_years_ms + wait_ms);
  }
  Driver forth{driver.record(), t0 + ten_years_ms};
  EXPECT_EQ(forth.say(Wake{}).state(), State::probing);
  // Without a hint's licence the new due time is written down.
  Driver quiet;
  quiet.sent().say(Unreachable{.op = Op::send}).due().read(open_document);
  Driver moved{quiet.record(), t0 - ten_years_ms};
  moved.say(Wake{});
  EXPECT_EQ(moved.state(), State::unknown);
  EXPECT_EQ(moved.record().due_ms, t0 - ten_years_ms + minute);
}

TEST(Outbox, WhatCouldNotBeWrittenDownWasNotBegun) {
  Driver driver;
  driver.due();
  driver.raw(Answered{.op = Op::read,
                      .status = 200,
                      .auth_reason = {},
                      .retry_after_ms = {},
                      .body = open_document});
  driver.raw(StoreFailed{.token = driver.record().revision - 1});  // an older one: nothing
  EXPECT_EQ(driver.state(), State::sending);
  driver.raw(StoreFailed{.token = driver.record().revision});
  EXPECT_EQ(driver.state(), State::waiting);
  EXPECT_EQ(driver.why(), Why::store);
  EXPECT_EQ(driver.record().attempts, 0u);
  EXPECT_FALSE(driver.record().probed_open);
  EXPECT_NE(driver.effect<WakeAt>(), nullptr);
  driver.sent().answer(200, strong_document);
  EXPECT_EQ(driver.state(), State::delivered);
}

TEST(Outbox, AResultThatCouldNotBeWrittenDownIsWrittenAgain) {
  Driver driver;
  driver.sent().raw(Answered{.op = Op::send,
                             .status = 200,
                             .auth_reason = {},
                             .retry_after_ms = {},
                             .body = strong_document});
  driver.raw(StoreFailed{.token = driver.record().revision});
  EXPECT_EQ(driver.state(), State::delivered);
  ASSERT_NE(driver.effect<WakeAt>(), nullptr);
  driver.raw(Wake{});
  EXPECT_EQ(driver.effect<Persist>(), nullptr);
  driver.due();
  EXPECT_EQ(driver.record().pending, Pending::nothing);
  EXPECT_EQ(driver.record().due_ms, t0 + 7 * 24 * 60 * minute);  // when its photos may go
}

TEST(Outbox, WhatNeverLeftThePageWasNotSent) {
  Driver driver;
  driver.sent().say(Unreachable{.op = Op::send, .is_unsent = true});
  EXPECT_EQ(driver.state(), State::waiting);
  EXPECT_EQ(driver.why(), Why::unreachable);
  EXPECT_EQ(driver.record().attempts, 0u);
  EXPECT_TRUE(may(driver.record(), Action::take_back));
  driver.due();
  EXPECT_EQ(driver.state(), State::probing);  // it is read again, and no quiet period is kept
  driver.read(open_document);
  EXPECT_EQ(driver.state(), State::sending);
  EXPECT_EQ(driver.record().attempts, 1u);

  // Nothing is forgotten of an attempt before it.
  Driver again;
  again.sent().say(Unreachable{.op = Op::send});
  while (again.state() != State::sending) again.due().read(open_document);
  again.say(Unreachable{.op = Op::send, .is_unsent = true});
  EXPECT_EQ(again.record().attempts, 1u);
  EXPECT_FALSE(may(again.record(), Action::take_back));
}

TEST(Outbox, APageThatIsGoneLeavesTheOutcomeUnknown) {
  Driver driver;
  driver.sent().say(Interrupted{});
  EXPECT_EQ(driver.state(), State::unknown);
  EXPECT_EQ(driver.why(), Why::interrupted);
  // Also when the write was never acknowledged: it may have been, just before the page died.
  Driver unacknowledged;
  unacknowledged.due().raw(Answered{.op = Op::read,
                                    .status = 200,
                                    .auth_reason = {},
                                    .retry_after_ms = {},
                                    .body = open_document});
  EXPECT_EQ(unacknowledged.say(Interrupted{}).state(), State::unknown);
  EXPECT_EQ(Driver{}.due().say(Interrupted{}).state(), State::waiting);
}

TEST(Outbox, APersonCanAlwaysAskAgainAndNothingIsSentWithoutProof) {
  Driver fix;
  fix.sent().answer(400, "no").due().read(open_document).due().read(open_document);
  ASSERT_EQ(fix.state(), State::needs_fix);
  EXPECT_EQ(fix.retry().state(), State::reconciling);
  EXPECT_EQ(fix.read(open_document).state(), State::unknown);
  Driver gone;
  gone.due().read({}, 404);
  ASSERT_EQ(gone.why(), Why::gone);
  EXPECT_EQ(gone.retry().state(), State::probing);
  Driver done;
  done.sent().answer(200, strong_document).ask(Action::retry);
  EXPECT_TRUE(done.refused());
}

TEST(Outbox, APolicyThatIsWantedIsNoRefusal) {
  Driver driver;
  driver.sent().say(Answered{.op = Op::send,
                             .status = 403,
                             .auth_reason = "privacy-policy-required",
                             .retry_after_ms = {},
                             .body = "x"});
  EXPECT_EQ(driver.why(), Why::policy);
  EXPECT_EQ(driver.record().server->text, "privacy-policy-required");
}

TEST(Outbox, TheDiaryIsBounded) {
  Driver driver;
  for (int i = 0; i < 100; ++i) driver.due().say(Unreachable{.op = Op::read});
  EXPECT_EQ(driver.record().entries.size(), entries_max);
}

// All states x all events: an acknowledgement of something else changes nothing, an answer that
// nobody waits for is refused and changes nothing, and what fits moves.
TEST(Outbox, EveryStateMeetsEveryEvent) {
  const std::vector<Record> records = one_in_each_state();
  ASSERT_EQ(records.size(), 13u);
  const auto answered = [](Op op) {
    return Answered{
        .op = op, .status = 200, .auth_reason = {}, .retry_after_ms = {}, .body = open_document};
  };
  const std::vector<Event> events = {Wake{},
                                     Asked{.action = Action::retry},
                                     Stored{.token = 999},
                                     StoreFailed{.token = 999},
                                     answered(Op::read),
                                     answered(Op::send),
                                     Unreachable{.op = Op::read},
                                     Unreachable{.op = Op::send},
                                     Interrupted{},
                                     Asked{.action = Action::take_back},
                                     Asked{.action = Action::revise},
                                     Asked{.action = Action::discard},
                                     Asked{.action = Action::undo},
                                     Asked{.action = Action::prune},
                                     PhotoLost{},
                                     Removed{},
                                     Shown{.body = open_document}};
  // m: moves (a persist), i: nothing changes, w: only a timer, p: photos and a timer, R: refused
  const std::vector<std::string> table = {
      // wake retry stored failed aread asend uread usend interrupted
      //          take_back revise discard undo prune lost removed shown
      "mmiiRRRRwmRmRRRRi",  // queued, due
      "iiiimRmRmmRmRRRRi",  // probing
      "iiiiRmRmmRRRRRmRi",  // sending
      "wmiiRRRRwRRmRRRRi",  // unknown
      "iiiimRmRmRRmRRRRi",  // reconciling
      "imiiRRRRiRRmRRRRi",  // needs_fix; `revise` is a call of its own
      "imiiRRRRimRmRRRRi",  // needs_user, nothing sent
      "wRiiRRRRwRRRRmRRm",  // delivered
      "wmiiRRRRwmRmRRRRi",  // waiting
      "imiiRRRRimRmRRRRi",  // quarantined
      "wRiiRRRRwRRRmRRRi",  // discarded
      "wRiiRRRRpRRRRRRmi",  // pruned
      "iiiiRRRRmmRmRRmRi",  // staging
  };
  for (std::size_t r = 0; r < records.size(); ++r) {
    ASSERT_EQ(records[r].state, static_cast<State>(r));
    for (std::size_t e = 0; e < events.size(); ++e) {
      SCOPED_TRACE(std::string{to_string(records[r].state)} + " x " +
                   std::string{name_of(events[e])} + " " + std::to_string(e));
      const auto moved = advance(mine, records[r], events[e],
                                 {.now_ms = std::max(t0, records[r].tried_ms) + 1, .entropy = 1});
      const bool persists =
          !moved.effects.empty() && std::holds_alternative<Persist>(moved.effects.front());
      const bool only_timer =
          moved.effects.size() == 1 && std::holds_alternative<WakeAt>(moved.effects.front());
      switch (table[r][e]) {
        case 'm':
          EXPECT_TRUE(persists);
          EXPECT_EQ(moved.effects.size(), 1u);
          break;
        case 'p':
          ASSERT_EQ(moved.effects.size(), 2u);
          EXPECT_TRUE(std::holds_alternative<Remove>(moved.effects.front()));
          break;
        case 'i':
          EXPECT_TRUE(moved.effects.empty());
          EXPECT_EQ(moved.record, records[r]);
          break;
        case 'w':
          EXPECT_TRUE(only_timer);
          EXPECT_EQ(moved.record, records[r]);
          break;
        default: EXPECT_TRUE(moved.effects.empty()); EXPECT_EQ(moved.record, records[r]);
      }
      EXPECT_EQ(moved.refused.has_value(), table[r][e] == 'R');
      for (const Effect& effect : moved.effects) EXPECT_FALSE(std::holds_alternative<Send>(effect));
      if (moved.record.state != State::pruned) {
        EXPECT_EQ(moved.record.content, records[r].content);
      }
    }
  }
}

// While a write is under way only its own acknowledgement counts.
TEST(Outbox, NothingIsDoneBeforeTheWriteIsAcknowledged) {
  for (Record record : one_in_each_state()) {
    if (!is_under_way(record.state)) continue;
    record.pending = Pending::store;
    for (const Event& event : std::vector<Event>{Wake{}, Asked{.action = Action::retry},
                                                 Stored{.token = record.revision - 1}}) {
      const auto moved = advance(mine, record, event, {.now_ms = t0 + 5 * minute});
      EXPECT_TRUE(moved.effects.empty());
      EXPECT_EQ(moved.record, record);
    }
    const Op op = record.state == State::sending   ? Op::send
                  : record.state == State::staging ? Op::stage
                                                   : Op::read;
    EXPECT_TRUE(advance(mine, record, Unreachable{.op = op}, {.now_ms = t0}).refused);
    const auto acknowledged =
        advance(mine, record, Stored{.token = record.revision}, {.now_ms = t0});
    ASSERT_EQ(acknowledged.effects.size(), 1u);
    EXPECT_EQ(std::holds_alternative<Send>(acknowledged.effects.front()), op != Op::read);
  }
}

}  // namespace
}  // namespace sfluv::outbox::testing
