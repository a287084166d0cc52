// SPDX-License-Identifier: MIT
// Absence periods and giving a series back (seeds 000 and 001, rulebook C5, C6).
#include <array>
#include <utility>

#include "sfluv/discovery.h"
#include "sfluv/json_writer.h"

#include "acting.h"
#include "answer.h"
#include "families.h"
#include "keeping_up.h"

namespace sfluv::server {
namespace {

void write(JsonWriter& out, const Absence& absence) {
  out.begin_object().key("id").string(absence.id);
  out.key("improver_id").string(absence.improver_id);
  out.key("series_id").string(absence.series_id);
  out.key("step_order").number(absence.step_order);
  out.key("absent_from").number(absence.absent_from);
  out.key("absent_until").number(absence.absent_until);
  out.key("created_at").number(absence.created_at);
  out.key("updated_at").number(absence.updated_at).end_object();
}

void write(JsonWriter& out, const engine::Counts& counts) {
  out.key("released_count").number(counts.released);
  out.key("skipped_count").number(counts.skipped);
}

void list_absences(Visit& visit) {
  auto database = visit.services.databases.lease();
  const auto all = all_current_series(visit.services, *database);
  JsonWriter out;
  out.begin_array();
  for (const Absence& absence : absences_of(all, caller_from(visit.user))) write(out, absence);
  out.end_array();
  answer_json(visit.response(), out.take());
}

// Creating and updating answer alike: the absence, and what it did to my steps.
void change_absence(Visit& visit, const Deed& deed, int status_if_done) {
  const auto done = act(visit.services, visit.user, deed);
  if (!done) return refuse(visit, Operation::absence, done.error());
  JsonWriter out;
  write(out.begin_object().key("absence"), *done->absence);
  write(out, *done->counts);
  out.end_object();
  answer_json(visit.response(), out.take(), status_if_done);
}

std::optional<AbsenceRequest> read_absence(Visit& visit) {
  const auto body = read_body(visit);
  if (!body) return std::nullopt;
  auto request = read_absence_request(*body);
  if (request) return *std::move(request);
  refuse(visit, Operation::absence, {&request.error(), 1});
  return std::nullopt;
}

void create_absence(Visit& visit) {
  auto request = read_absence(visit);
  if (!request) return;
  const std::string series_id = request->series_id;
  change_absence(
      visit,
      {.action = engine::CreateAbsence{*std::move(request)}, .find = find_series, .id = series_id},
      201);
}

void update_absence(Visit& visit) {
  auto request = read_absence(visit);
  if (!request) return;
  const std::string& id = visit.ids.at(0);
  change_absence(visit,
                 {.action = engine::UpdateAbsence{id, *std::move(request)},
                  .find = find_series_of_absence,
                  .id = id},
                 200);
}

void delete_absence(Visit& visit) {
  const std::string& id = visit.ids.at(0);
  const auto done =
      act(visit.services, visit.user,
          {.action = engine::DeleteAbsence{id}, .find = find_series_of_absence, .id = id});
  if (!done) return refuse(visit, Operation::absence, done.error());
  JsonWriter out;
  out.begin_object().key("id").string(id).end_object();
  answer_json(visit.response(), out.take());
}

void unclaim(Visit& visit) {
  const auto body = read_body(visit);
  if (!body) return;
  const auto request = read_unclaim_request(*body);
  if (!request) return refuse(visit, Operation::unclaim, {&request.error(), 1});
  const auto done =
      act(visit.services, visit.user,
          {.action = engine::Unclaim{*request}, .find = find_series, .id = request->series_id});
  if (!done) return refuse(visit, Operation::unclaim, done.error());
  JsonWriter out;
  out.begin_object().key("series_id").string(request->series_id);
  out.key("step_order").number(request->step_order);
  write(out, *done->counts);
  out.end_object();
  answer_json(visit.response(), out.take());
}

constexpr std::array endpoints = {
    Endpoint{"GET", "/improvers/workflows/absence-periods", Audience::improver, list_absences},
    Endpoint{"POST", "/improvers/workflows/absence-periods", Audience::improver, create_absence},
    Endpoint{"PUT", "/improvers/workflows/absence-periods/{}", Audience::improver, update_absence},
    Endpoint{"DELETE", "/improvers/workflows/absence-periods/{}", Audience::improver,
             delete_absence},
    Endpoint{"POST", "/improvers/workflow-series/unclaim", Audience::improver, unclaim},
};

}  // namespace

Family series_endpoints() { return endpoints; }

}  // namespace sfluv::server
