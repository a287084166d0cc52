// SPDX-License-Identifier: MIT
#include <algorithm>
#include <gtest/gtest.h>

#include "sfluv/api_photo.h"
#include "sfluv/digest.h"

#include "photos/photo_fixtures.h"

namespace sfluv {
namespace {

using test::ByteVector;

TEST(PhotoApi, ProbeAnswersOneLine) {
  const ByteVector file =
      test::make_jpeg(test::scene(40, 25), {.segments = test::exif_segment(6, false, true)});
  EXPECT_EQ(
      api::probe_photo(file),
      R"({"format":"jpeg","bytes":)" + std::to_string(file.size()) +
          R"(,"width_px":25,"height_px":40,"orientation":6,"progressive":false,"has_gps":true})");
  EXPECT_EQ(api::probe_photo({}), R"({"issue":{"code":"photo_file_empty","path":"","params":{}}})");
  const ByteVector cut(file.begin(), file.begin() + 300);
  EXPECT_EQ(api::probe_photo(cut),
            R"({"issue":{"code":"photo_truncated","path":"","params":{"byte":300}}})");
}

TEST(PhotoApi, PrepareTellsInAndOut) {
  const ByteVector file =
      test::make_jpeg(test::scene(40, 20), {.segments = test::exif_segment(6, false, true)});
  const api::PhotoReply reply = api::prepare_photo(
      file, R"({"aspect":"square","edge_px":10,"bytes_max":5000,"quality_max":70})");
  EXPECT_EQ(reply.json, R"({"format":"jpeg","in":{"format":"jpeg","bytes":)" +
                            std::to_string(file.size()) +
                            R"(,"width_px":20,"height_px":40,"orientation":6},"out":{"bytes":)" +
                            std::to_string(reply.jpeg.size()) +
                            R"(,"width_px":10,"height_px":10,"quality":70,"sha256":")" +
                            hex(sha256(reply.jpeg)) + R"("}})");
  EXPECT_EQ(api::prepare_photo(file, "{}").json.substr(0, 17), R"({"format":"jpeg",)");
  const api::PhotoReply refused =
      api::prepare_photo(ByteVector{'G', 'I', 'F', '8', '9', 'a'}, "{}");
  EXPECT_EQ(refused.json,
            R"({"issue":{"code":"photo_format_unsupported","path":"","params":{"format":"gif"}}})");
  EXPECT_TRUE(refused.jpeg.empty());
}

TEST(PhotoApi, AnArrivalAnswersTheSame) {
  const ByteVector file = test::make_jpeg(test::scene(70, 50));
  for (const std::string_view plan : {R"({"edge_px":20})", R"({"edge_px":0})", "}"}) {
    api::PhotoArrival arrival(plan);
    bool goes_on = true;
    for (std::size_t at = 0; at < file.size() && goes_on; at += 500) {
      const std::size_t bytes = std::min<std::size_t>(500, file.size() - at);
      const auto from = file.begin() + static_cast<std::ptrdiff_t>(at);
      std::copy_n(from, bytes, arrival.room(bytes).begin());
      goes_on = arrival.put(bytes);
    }
    const api::PhotoReply reply = arrival.finish();
    const api::PhotoReply at_once = api::prepare_photo(file, plan);
    EXPECT_EQ(reply.json, at_once.json);
    EXPECT_EQ(reply.jpeg, at_once.jpeg);
    EXPECT_EQ(goes_on, !reply.jpeg.empty());
  }
}

TEST(PhotoApi, TheDigestCanBeLeftToTheCaller) {
  const api::PhotoReply reply =
      api::prepare_photo(test::make_png(test::scene(8, 8)), R"({"digest":false})");
  EXPECT_EQ(reply.json.find("sha256"), std::string::npos);
  EXPECT_FALSE(reply.jpeg.empty());
}

TEST(PhotoApi, PhotosOfARequestShareItsBudget) {
  const ByteVector file = test::make_png(test::noise(300, 300, 1));
  const auto bytes = [&](std::string_view plan) {
    return api::prepare_photo(file, plan).jpeg.size();
  };
  const std::size_t alone = bytes(R"({"bytes_max":4000000})");
  EXPECT_GT(alone, 60'000u);
  EXPECT_EQ(bytes(R"({"bytes_max":4000000,"photos_in_request":6})"), alone);  // 400 KB are enough
  EXPECT_LE(bytes(R"({"photos_in_request":60})"), 40'000u);
  EXPECT_GT(bytes(R"({"photos_in_request":60})"), 38'000u);
  EXPECT_LE(bytes(R"({"photos_in_request":2,"request_bytes_max":60000})"), 30'000u);
  EXPECT_LE(bytes(R"({"request_bytes_max":50000})"), 50'000u);
  EXPECT_LE(bytes(R"({"bytes_max":20000,"photos_in_request":2})"), 20'000u);
  EXPECT_NE(
      api::prepare_photo(file, R"({"photos_in_request":600})").json.find("photo_budget_too_small"),
      std::string::npos);
}

TEST(PhotoApi, TheProfileIsReported) {
  const test::IccSpec icc{.primaries = test::display_p3_primaries, .name = "Display P3"};
  const ByteVector file = test::make_jpeg(test::scene(8, 8), {.segments = test::icc_segment(icc)});
  EXPECT_NE(api::probe_photo(file).find(R"("profile":"Display P3")"), std::string::npos);
  EXPECT_NE(api::prepare_photo(file, "{}").json.find(R"("orientation":1,"profile":"Display P3"})"),
            std::string::npos);
}

TEST(PhotoApi, ACornerAloneMeansAllFromThereOn) {
  const ByteVector file = test::make_png(test::scene(40, 20));
  EXPECT_NE(api::prepare_photo(file, R"({"crop_x":250000,"crop_y":500000})")
                .json.find(R"("width_px":30,"height_px":10)"),
            std::string::npos);
}

TEST(PhotoApi, PixelsNameTheirSize) {
  const ByteVector rgba(4 * 6 * 4, 200);
  const api::PhotoReply reply = api::prepare_pixels(rgba, R"({"width_px":6,"height_px":4})");
  EXPECT_NE(
      reply.json.find(
          R"("in":{"format":"unknown","bytes":96,"width_px":6,"height_px":4,"orientation":1})"),
      std::string::npos)
      << reply.json;
  EXPECT_NE(api::prepare_pixels(rgba, "{}").json.find("photo_file_empty"), std::string::npos);
  EXPECT_NE(
      api::prepare_pixels(rgba, R"({"width_px":7,"height_px":4})").json.find("photo_truncated"),
      std::string::npos);
}

TEST(PhotoApi, WrongPlansAreNamed) {
  const ByteVector file = test::make_png(test::scene(4, 4));
  const struct {
    std::string_view plan, name, value;
  } cases[] = {
      {R"({"edge_px":"1600"})", "edge_px", "1600"},
      {R"({"edge_px":0})", "edge_px", "0"},
      {R"({"edge_px":-1})", "edge_px", "-1"},
      {R"({"edge_px":1.5})", "edge_px", "1.5"},
      {R"({"edge_px":99999999999})", "edge_px", "99999999999"},
      {R"({"quality_max":300})", "quality_max", "300"},
      {R"({"quality_max":101})", "quality_max", "101"},
      {R"({"quality_min":0})", "quality_min", "0"},
      {R"({"aspect":"round"})", "aspect", "round"},
      {R"({"aspect":3})", "aspect", "3"},
      {R"({"bytes_max":true})", "bytes_max", "boolean"},
      {R"({"bytes_max":[1]})", "bytes_max", "array"},
      {R"({"digest":1})", "digest", "1"},
      {R"({"crop_x":1000000})", "crop_x", "1000000"},
      {R"({"crop_y":0.5})", "crop_y", "0.5"},
      {R"({"crop_x":1,"crop_width":1000000})", "crop_width", "1000000"},
      {R"({"crop_height":0})", "crop_height", "0"},
      {R"({"keep_time":1})", "keep_time", "1"},
      {R"({"keep_fine":"yes"})", "keep_fine", "yes"},
      {R"({"photos_in_request":0})", "photos_in_request", "0"},
      {R"([])", "plan", "array"},
      {R"({)", "plan", "not JSON"},
      {R"({"edge_px":01})", "plan", "not JSON"},
      {R"({"edge_px":1}})", "plan", "not JSON"},
      {R"({"edge_px":1,})", "plan", "not JSON"},
      {R"({"edge_px" 1})", "plan", "not JSON"},
      {R"({"aspect":"\u0041"})", "plan", "not JSON"},
      {"{\"aspect\":\"\xFF\"}", "plan", "not JSON"},
      {R"({"later":[[[[[[[[[[1]]]]]]]]]]})", "plan", "not JSON"},
      {"", "plan", "not JSON"},
  };
  for (const auto& [plan, name, value] : cases) {
    const api::PhotoReply reply = api::prepare_photo(file, plan);
    EXPECT_EQ(reply.json, R"({"issue":{"code":"photo_plan_invalid","path":"","params":{"name":")" +
                              std::string(name) + R"(","value":")" + std::string(value) +
                              R"("}}})");
    EXPECT_TRUE(reply.jpeg.empty());
  }
  EXPECT_EQ(api::prepare_photo(file, R"({"bytes_max":100})").json,
            R"({"issue":{"code":"photo_budget_too_small","path":"","params":{"bytes_max":100}}})");
  for (const std::string_view plan :
       {R"({"aspect":""})", R"({"aspect":null,"edge_px":null})", R"({"quality_max":30})",
        R"({"later":1})", R"( { "later" : [ { "edge_px" : 0 } , "]" , 1e+2 , -0.5 ] } )"}) {
    EXPECT_FALSE(api::prepare_photo(file, plan).jpeg.empty()) << plan;
  }
}

}  // namespace
}  // namespace sfluv
