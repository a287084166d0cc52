// SPDX-License-Identifier: MIT
// Photos of submissions, who sees them, and those that are uploaded ahead.
#include "sfluv/digest.h"

#include "server_fixture.h"

namespace sfluv::server {
namespace {

TEST_F(ServerTest, PhotosComeBackAsTheyWere) {
  complete_first_step();
  const Workflow workflow = workflow_for(jane);
  ASSERT_TRUE(workflow.steps[0].submission);
  const auto& responses = workflow.steps[0].submission->item_responses;
  ASSERT_EQ(responses.size(), 4U);
  const SubmissionPhoto& photo = responses[0].photos.at(0);
  EXPECT_EQ(photo.file_name, "before.jpg");
  EXPECT_EQ(photo.size_bytes, 50'000);
  const Answer answer = get("/workflow-photos/" + photo.id, jane);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, std::string(before_photo.begin(), before_photo.end()));
  EXPECT_EQ(answer.headers.find("Content-Type")->second, "image/jpeg");
  EXPECT_EQ(answer.headers.find("X-Content-Type-Options")->second, "nosniff");
  const Answer second = get("/workflow-photos/" + responses[1].photo_ids.at(0), supervisor);
  EXPECT_EQ(second.body, std::string(after_photo.begin(), after_photo.end()));
  for (const char* user : {ana, proposer, voter}) {
    EXPECT_EQ(get("/workflow-photos/" + photo.id, user).status, 403);
  }
  EXPECT_EQ(get("/workflow-photos/photo_nope", jane).status, 404);

  const std::string record = test("record?workflow=workflow_abc123").body;
  EXPECT_TRUE(contains(
      record,
      R"("file_name":"before.jpg","content_type":"image/jpeg","size_bytes":50000,"sha256":")" +
          hex(sha256(before_photo)) + '"'));
}

TEST_F(ServerTest, AHostileContentTypeCannotWriteHeaders) {
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  std::string body = whole_answer();
  body.replace(body.find("image/jpeg"), 10, "image/x\\r\\nSet-Cookie: a=b");
  EXPECT_EQ(post(first_step("complete"), jane, body).status, 200);
  const std::string id = workflow_for(jane)
                             .steps[0]
                             .submission.value_or(Submission{})
                             .item_responses.at(0)
                             .photo_ids.at(0);
  const Answer answer = get("/workflow-photos/" + id, jane);
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.headers.contains("Set-Cookie"));
  EXPECT_EQ(answer.headers.find("Content-Type")->second, "application/octet-stream");
}

TEST_F(ServerTest, SubmissionsAndAddressesAreForTheRightEyes) {
  complete_first_step();
  for (const char* user : {jane, supervisor, admin})
    EXPECT_TRUE(workflow_for(user).steps[0].submission) << user;
  for (const char* user : {ana, proposer, voter})
    EXPECT_FALSE(workflow_for(user).steps[0].submission) << user;
  for (const char* user : {proposer, supervisor}) {
    EXPECT_TRUE(contains(get("/workflows/workflow_abc123", user).body, "supervisor@example.org"))
        << user;
  }
  for (const char* user : {jane, ana, voter, admin}) {
    const std::string body = get("/workflows/workflow_abc123", user).body;
    EXPECT_FALSE(contains(body, "supervisor@example.org")) << user;
    EXPECT_TRUE(contains(body, R"("notify_email_count":1)")) << user;
  }
}

// ---- Uploaded ahead (rulebook A7)

class StagedPhotosTest : public ServerTest {
 protected:
  StagedPhotosTest() {
    start_live();
    EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  }

  Answer upload(const httplib::MultipartFormDataItems& form, std::string_view user = jane,
                const std::string& path = first_step("photos")) {
    return answer_of(client().Post(path, as(user), form));
  }

  static httplib::MultipartFormDataItems whole(const std::string& item,
                                               const std::string& bytes = "\xFF\xD8\xFF\xE0",
                                               const std::string& type = "image/jpeg") {
    return {{"item_id", item, "", ""}, {"photo", bytes, "dir/one.jpg", type}};
  }

  static httplib::MultipartFormDataItems piece(const std::string& bytes, int index, int total,
                                               const std::string& upload_id = "u1",
                                               const std::string& item = "item_jkl012") {
    return {{"item_id", item, "", ""},
            {"upload_id", upload_id, "", ""},
            {"chunk_index", std::to_string(index), "", ""},
            {"total_chunks", std::to_string(total), "", ""},
            {"file_name", "pieces.jpg", "", ""},
            {"content_type", "", "", ""},
            {"chunk", bytes, "blob", "application/octet-stream"}};
  }

  static std::string id_of(const Answer& answer) {
    const json::Value tree = parsed(answer.body);
    const json::Value* const photo = tree.find("photo");
    return photo == nullptr ? "" : photo->find("id")->text;
  }

  static std::string body_with(const std::string& before, const std::string& after) {
    return R"({"items":[{"item_id":"item_jkl012","photo_ids":[")" + before +
           R"("]},{"item_id":"item_jkl013","photo_ids":[")" + after +
           R"("]},{"item_id":"item_jkl014","written_response":"x"},)"
           R"({"item_id":"item_jkl015","dropdown_value":"completed_successfully"}]})";
  }
};

TEST_F(StagedPhotosTest, WholeAndInPiecesThenTakenByTheCompletion) {
  const Answer first = upload(whole("item_jkl012", {after_photo.begin(), after_photo.end()}));
  ASSERT_EQ(first.status, 201);
  EXPECT_TRUE(contains(first.body, R"("complete":true,"photo":{"id":"photo_)"));
  EXPECT_TRUE(contains(first.body, R"("file_name":"one.jpg","content_type":"image/jpeg",)"));

  const std::string bytes{before_photo.begin(), before_photo.end()};
  const auto send = [&](int index) {
    return upload(piece(bytes.substr(static_cast<std::size_t>(index) * 20'000, 20'000), index, 3,
                        "u1", "item_jkl013"));
  };
  const Answer last_first = send(2);
  EXPECT_EQ(last_first.status, 202);
  EXPECT_EQ(last_first.body, R"({"complete":false,"received_chunks":1,"total_chunks":3})");
  EXPECT_EQ(send(2).body, last_first.body) << "the same piece again";
  start();
  EXPECT_EQ(send(0).status, 202) << "after a restart";
  const Answer second = send(1);
  ASSERT_EQ(second.status, 201);
  EXPECT_EQ(send(1).body, second.body) << "its answer was lost";
  EXPECT_TRUE(contains(second.body, R"("content_type":"image/jpeg","size_bytes":50000)"));

  const std::string body = body_with(id_of(first), id_of(second));
  const Answer done = post(first_step("complete"), jane, body);
  ASSERT_EQ(done.status, 200);
  const Answer photo = get("/workflow-photos/" + id_of(second), jane);
  EXPECT_EQ(photo.body, bytes);
  const std::string record = test("record?workflow=workflow_abc123").body;
  EXPECT_TRUE(contains(record, hex(sha256(before_photo))));
  EXPECT_TRUE(contains(record, hex(sha256(after_photo))));
  EXPECT_EQ(workflow_for(jane)
                .steps[0]
                .submission.value_or(Submission{})
                .item_responses.at(0)
                .photos.at(0)
                .id,
            id_of(first));
}

TEST_F(StagedPhotosTest, AnIdIsGoodForItsItemItsStepAndItsOwnerOnce) {
  const std::string before = id_of(upload(whole("item_jkl012")));
  const std::string after = id_of(upload(whole("item_jkl013")));
  const auto refused = [&](const std::string& one, const std::string& two) {
    const Answer answer = post(first_step("complete"), jane, body_with(one, two));
    EXPECT_EQ(answer.status, 400);
    return parsed(answer.body).find("error")->text;
  };
  EXPECT_EQ(refused(before, before), "photo_id_unknown");
  EXPECT_EQ(refused(after, after), "photo_id_unknown");
  EXPECT_EQ(refused(before, "photo_nope"), "photo_id_unknown");
  edit("UPDATE staged_photos SET improver_id = 'did:privy:improver790'");
  EXPECT_EQ(refused(before, after), "photo_id_unknown");
  edit("UPDATE staged_photos SET improver_id = 'did:privy:improver789'");
  EXPECT_EQ(get("/workflow-photos/" + before, jane).status, 404) << "of no submission yet";
  EXPECT_EQ(post(first_step("complete"), jane, body_with(before, after)).status, 200);
  EXPECT_EQ(get("/workflow-photos/" + before, jane).status, 200);
  edit(
      "UPDATE workflows SET status = 'in_progress'; DELETE FROM submissions; "
      "UPDATE steps SET status = 'in_progress'");
  EXPECT_EQ(refused(before, after), "photo_id_unknown") << "used up";
}

TEST_F(StagedPhotosTest, UploadsReachTheirStatuses) {
  const auto error = [&](const Answer& answer) {
    return std::to_string(answer.status) + ' ' + parsed(answer.body).find("error")->text;
  };
  EXPECT_EQ(error(upload(whole("item_jkl012"), ana)), "403 not_assigned");
  EXPECT_EQ(error(upload(whole("item_nope"))), "400 item_unknown");
  EXPECT_EQ(error(upload(whole("item_jkl012", ""))), "400 photo_zero_bytes");
  EXPECT_EQ(error(upload(whole("item_jkl012", "x", "text/plain"))), "400 photo_not_image");
  EXPECT_EQ(error(upload(whole("item_jkl012"), jane, step_path("nope", "x", "photos"))),
            "404 not_found");
  EXPECT_EQ(error(upload({{"item_id", "item_jkl012", "", ""}})), "400 form_not_readable");
  EXPECT_EQ(error(upload(piece("x", 3, 3))), "400 form_not_readable");
  EXPECT_EQ(error(upload(piece("x", 0, 1'000'000))), "400 form_not_readable");
  EXPECT_EQ(error(post(first_step("photos"), jane, "{}")), "400 body_broken") << "no form";
  EXPECT_EQ(upload(piece("x", 0, 2)).status, 202);
  EXPECT_EQ(error(upload(piece("x", 1, 2, "u1", "item_jkl013"))), "500 upload_id_taken");
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 200);
  EXPECT_EQ(error(upload(whole("item_jkl012"))), "400 step_already_completed");
  options_.profile = documents_profile();
  start();
  EXPECT_EQ(error(upload(whole("item_jkl012"))), "404 path_not_found") << "not documented";
}

TEST_F(StagedPhotosTest, HostileFormsAreRefusedAndForgotten) {
  const auto send = [&](const std::string& type, const std::string& body) {
    RawClient raw{server_->port()};
    raw.say("POST " + first_step("photos") + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" +
            "Authorization: Bearer " + token(jane) + "\r\nContent-Type: " + type +
            "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    const std::string answer = raw.hear();
    return answer.substr(0, answer.find('\r'));
  };
  const std::string form = "multipart/form-data; boundary=b";
  const std::string field = "--b\r\nContent-Disposition: form-data; name=\"item_id\"\r\n\r\nx\r\n";
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += field;
  for (const std::string& body :
       {std::string{}, std::string{"--b"}, std::string{"--b--\r\n"},
        std::string{"--c\r\n\r\n--c--"}, field, field + field + "--b--\r\n", many + "--b--\r\n",
        std::string(100'000, '-'), std::string{"--b\r\n\r\n--b--\r\n"},
        std::string{"--b\r\nContent-Disposition: form-data; name=\"photo\r\n\r\nx\r\n--b--\r\n"}}) {
    EXPECT_EQ(send(form, body), "HTTP/1.1 400 Bad Request") << body.substr(0, 80);
  }
  for (const char* type : {"multipart/form-data", "multipart/form-data; boundary=",
                           "multipart/form-data; boundary=\"b", "multipart/mixed; boundary=b"}) {
    EXPECT_EQ(send(type, field + "--b--\r\n"), "HTTP/1.1 400 Bad Request") << type;
  }
  EXPECT_EQ(upload(whole("item_jkl012")).status, 201) << "and the next one is served";
}

TEST_F(StagedPhotosTest, TooLargeIsTheSumOfThePiecesOrTheRequest) {
  options_.limits.photo_bytes_max = 100'000;
  start();
  const std::string at_limit(100'000, 'x');
  EXPECT_EQ(upload(whole("item_jkl012", at_limit)).status, 201);
  const Answer larger = upload(whole("item_jkl012", at_limit + "x"));
  EXPECT_EQ(larger.status, 400);
  EXPECT_TRUE(contains(larger.body, R"("error":"photo_too_large")"));
  EXPECT_EQ(upload(whole("item_jkl012", at_limit + at_limit)).status, 413);
  EXPECT_EQ(upload(piece(at_limit, 0, 3)).status, 202);
  EXPECT_EQ(upload(piece("x", 1, 3)).status, 400) << "no need to wait for the rest";
  EXPECT_EQ(upload(piece("\xFF\xD8\xFF", 1, 2)).status, 202) << "and it begins anew";
}

}  // namespace
}  // namespace sfluv::server
