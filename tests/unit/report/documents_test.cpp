#include "report/documents.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fallline/error.hpp>

#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline::report {
namespace {

TEST(ReportDocuments, AKnownKindIsTakenAndEverythingElseIsRefusedByName) {
  const test::Scratch scratch;
  const Document taken =
      read_document(scratch.file("good.json", R"({"kind":"landscape","version":1,"a":[0]})"), 0);
  EXPECT_EQ(taken.kind, "landscape");
  EXPECT_EQ(taken.content["a"][0], 0);
  const char* const refused[][2] = {
      {"{", "is not one JSON object"},        {"[1]", "is not one JSON object"},
      {R"({"mode":"step"})", "does not say"}, {R"({"kind":7})", "does not say"},
      {R"({"kind":"recipe"})", "'recipe'"},   {R"({"kind":"paths","version":2})", "version 2"}};
  for (const auto& [text, words] : refused) {
    const auto file = scratch.file("bad.json", text);
    const Error error = test::refusal([&] { return read_document(file, 0); });
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_NE(error.problem().find(words), std::string::npos) << error.what();
    EXPECT_NE(error.advice().find("landscape"), std::string::npos) << "the kinds there are";
  }
  const Error missing = test::refusal([&] { return read_document(scratch / "none.json", 0); });
  EXPECT_EQ(missing.kind(), ErrorKind::bad_input);
}

TEST(ReportDocuments, OfADirectoryTheOthersAreLeftOutWithANote) {
  const test::Scratch scratch;
  (void)scratch.file("b.json", R"({"kind":"paths"})");
  (void)scratch.file("a.json", R"({"kind":"landscape"})");
  (void)scratch.file("summary.json", R"({"version":1})");
  (void)scratch.file("mine.json", R"({"x":1})");
  (void)scratch.file("notes.txt", "{");
  std::vector<std::string> notes;
  const std::vector<Document> found = documents_in(scratch.path(), 0, notes);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].kind, "landscape");
  EXPECT_EQ(found[1].kind, "paths");
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("mine.json"), std::string::npos) << notes[0];
}

TEST(ReportDocuments, AHostileOneIsLeftOutWithANoteAndTheOthersStay) {
  const test::Scratch scratch;
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  (void)scratch.file("deep.json", R"({"kind":"landscape","version":1,"x":)" + deep + "}");
  (void)scratch.file("good.json", R"({"kind":"landscape"})");
  (void)scratch.file("letter.json", "{\"kind\":\"landscape\",\"name\":\"caf\xE9\"}");
  ASSERT_EQ(::mkfifo((scratch / "pipe.json").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((scratch / "other").c_str(), 0600), 0);
  std::filesystem::create_symlink("/dev/zero", scratch / "zero.json");
  std::filesystem::create_directory(scratch / "directory.json");
  std::vector<std::string> notes;
  ASSERT_EQ(documents_in(scratch.path(), 0, notes).size(), 1U);
  ASSERT_EQ(notes.size(), 5U);
  const char* const names[] = {"deep", "directory", "letter", "pipe", "zero"};
  for (std::size_t i = 0; i < notes.size(); ++i)
    EXPECT_TRUE(notes[i].starts_with(std::string(names[i]) + ".json is left out: ")) << notes[i];
}

TEST(ReportDocuments, WhatCannotFitIsNotRead) {
  const test::Scratch scratch;
  // Not by +, which inserts in front: g++ 14 sees bounds there that are not.
  std::string large = R"({"kind":"paths","pad":")";
  large.append(5000, 'x').append(R"("})");
  const auto file = scratch.file("large.json", large);
  EXPECT_EQ(test::refusal([&] { return read_document(file, 10'000); }).kind(),
            ErrorKind::not_enough_memory);
}

}  // namespace
}  // namespace fallline::report
