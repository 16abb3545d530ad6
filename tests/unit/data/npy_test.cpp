#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "data/examined.hpp"
#include "data/reader.hpp"
#include "support/binary_sets.hpp"
#include "support/gzip.hpp"
#include "support/reading.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline::data {
namespace {

using test::counting;
using test::little_all;
using test::npy;
using testing::ElementsAre;
using testing::HasSubstr;

Source read_npy(const std::filesystem::path& path, const OpenOptions& options = {}) {
  return npy_reader.read(Examined(path).candidate(), options);
}

Error npy_refusal(const std::filesystem::path& path, const OpenOptions& options = {}) {
  return test::refusal([&] { return read_npy(path, options); });
}

std::vector<float> cells(const std::string& bytes) {
  const test::Scratch scratch;
  return test::cells(read_npy(scratch.file("x.npy", bytes)).train);
}

std::string why_not(const std::string& bytes) {
  const test::Scratch scratch;
  const Error error = npy_refusal(scratch.file("x.npy", bytes));
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  return error.what();
}

std::vector<std::string> classes(const std::string& labels, std::size_t examples) {
  const test::Scratch scratch;
  const auto x = scratch.file(
      "x.npy", npy("|u1", "(" + std::to_string(examples) + ", 1)", counting(examples)));
  return test::classes(read_npy(x, {.labels = scratch.file("l.npy", labels)}).train);
}

const std::string four_floats = npy("<f4", "(2, 2)", little_all({1.5F, -2.F, 3.F, 4.F}));

TEST(Npy, CellsBelowTheLeastNormalNumberAreZeroAndThatIsSaid) {
  const test::Scratch scratch;
  const auto said = [&scratch](const std::string& type, const std::string& numbers) {
    const Source source = read_npy(scratch.file("x.npy", npy(type, "(2, 2)", numbers)));
    EXPECT_THAT(test::cells(source.train), ElementsAre(1, 0, -2, 0)) << type;
    EXPECT_THAT(source.notes,
                testing::Contains(HasSubstr("2 cells are smaller in size than 1.2e-38")))
        << type;
  };
  said("<f4", little_all({1.F, 1e-40F, -2.F, -1e-45F}));
  said("<f8", little_all({1., 1e-40, -2., -1e-300}));
}

TEST(Npy, BytesAndFloatsStayAsTheyLieInTheFile) {
  const test::Scratch scratch;
  const Dataset bytes = read_npy(scratch.file("x.npy", npy("|u1", "(2, 3)", counting(6)))).train;
  EXPECT_EQ(bytes.cells(), CellType::u8);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes.rows()[0]) % 4096, 64 * 2U);
  const Dataset singles = read_npy(scratch.file("x.npy", four_floats)).train;
  EXPECT_EQ(singles.cells(), CellType::f32);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(singles.rows()[0]) % 4096, 64 * 2U);
  EXPECT_THAT(test::cells(singles), ElementsAre(1.5, -2, 3, 4));
}

TEST(Npy, FloatsAtAnOddPlaceAreCopiedToAnAlignedOne) {
  const std::string header = "{'descr':'<f4','fortran_order':False,'shape':(1,1)}\n";
  for (std::size_t blanks = 0; blanks < 4; ++blanks) {
    std::string bytes = std::string("\x93NUMPY\x01\x00", 8);
    bytes += test::little(static_cast<std::uint16_t>(header.size() + blanks));
    bytes += header + std::string(blanks, ' ') + test::little(2.5F);
    const test::Scratch scratch;
    const Dataset data = read_npy(scratch.file("x.npy", bytes)).train;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(data.rows()[0]) % 4, 0U);
    EXPECT_EQ(data.cell(0, 0), 2.5F);
  }
}

TEST(Npy, EveryTypeOfNumberIsReadInBothByteOrders) {
  EXPECT_THAT(cells(npy("|b1", "(1, 2)", std::string("\1\0", 2))), ElementsAre(1, 0));
  EXPECT_THAT(cells(npy("|i1", "(1, 2)", "\xfe\x02")), ElementsAre(-2, 2));
  EXPECT_THAT(cells(npy("<u2", "(1, 1)", "\x01\x02")), ElementsAre(513));
  EXPECT_THAT(cells(npy(">u2", "(1, 1)", "\x01\x02")), ElementsAre(258));
  EXPECT_THAT(cells(npy("<i2", "(1, 1)", little_all<std::int16_t>({-5}))), ElementsAre(-5));
  EXPECT_THAT(cells(npy("<u4", "(1, 1)", little_all({3000000000U}))), ElementsAre(3e9F));
  EXPECT_THAT(cells(npy("<i4", "(1, 1)", little_all({-7}))), ElementsAre(-7));
  EXPECT_THAT(cells(npy("<u8", "(1, 1)", little_all<std::uint64_t>({1ULL << 63}))),
              ElementsAre(0x1p63F));
  EXPECT_THAT(cells(npy("<i8", "(1, 1)", little_all<std::int64_t>({-9}))), ElementsAre(-9));
  EXPECT_THAT(cells(npy(">f4", "(1, 1)", test::big(1.25F))), ElementsAre(1.25));
  EXPECT_THAT(cells(npy("<f8", "(1, 2)", little_all({0.1, -1e30}))), ElementsAre(0.1F, -1e30F));
}

TEST(Npy, HalfPrecisionIsExact) {
  const auto half = [](std::uint16_t bits) {
    return cells(npy("<f2", "(1, 1)", test::little(bits)))[0];
  };
  EXPECT_EQ(half(0x3C00), 1.F);
  EXPECT_EQ(half(0xC500), -5.F);
  EXPECT_EQ(half(0x7BFF), 65504.F);
  EXPECT_EQ(half(0x0001), 0x1p-24F);
  EXPECT_EQ(half(0x03FF), 1023 * 0x1p-24F);
  EXPECT_EQ(half(0x3555), 0x1.554p-2F);
  EXPECT_THAT(why_not(npy("<f2", "(1, 1)", test::little(std::uint16_t{0x7C00}))),
              HasSubstr("infinite"));
  EXPECT_THAT(why_not(npy("<f2", "(1, 1)", test::little(std::uint16_t{0x7E00}))), HasSubstr("NaN"));
}

TEST(Npy, ColumnOrderHoldsTheSameNumbersAsRowOrder) {
  // a[i][j][k] = 100 i + 10 j + k of shape 2x2x3: the first index runs fastest.
  const std::string bytes =
      little_all<std::uint8_t>({0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112});
  EXPECT_THAT(cells(npy("|u1", "(2, 2, 3)", bytes, true)),
              ElementsAre(0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112));
}

TEST(Npy, ThreeAndFourDimensionsArePictures) {
  const test::Scratch scratch;
  const auto shape = [&](const char* dims, std::size_t size) {
    return read_npy(scratch.file("x.npy", npy("|u1", dims, counting(size)))).train.shape();
  };
  EXPECT_EQ(shape("(2, 3)", 6), std::nullopt);
  EXPECT_EQ(shape("(2, 3, 4)", 24), (ImageShape{1, 3, 4}));
  EXPECT_EQ(shape("(1, 5, 6, 3)", 90), (ImageShape{3, 5, 6, true}));
  EXPECT_EQ(shape("(1, 5, 6, 1)", 30), (ImageShape{1, 5, 6, false}));
  EXPECT_EQ(shape("(1, 3, 5, 6)", 90), (ImageShape{3, 5, 6, false}));
}

TEST(Npy, LabelsMayBeAnyWholeNumbersOrText) {
  EXPECT_THAT(classes(npy("<i8", "(3,)", little_all<std::int64_t>({10, -1, 9})), 3),
              ElementsAre("10", "-1", "9"));
  EXPECT_THAT(classes(npy("<f8", "(2, 1)", little_all({1.0, 2.0})), 2), ElementsAre("1", "2"));
  EXPECT_THAT(classes(npy("|b1", "(2,)", std::string("\1\0", 2)), 2), ElementsAre("1", "0"));
  EXPECT_THAT(classes(npy("|S4", "(2,)", std::string("cat\0moth", 8)), 2),
              ElementsAre("cat", "moth"));
  const std::string wide = little_all<std::uint32_t>({'o', 'x', 0, 0xE9, 0x20AC, 0x1F600});
  EXPECT_THAT(classes(npy("<U3", "(2,)", wide), 2),
              ElementsAre("ox", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  EXPECT_THAT(classes(npy(">U1", "(1,)", test::big(std::uint32_t{'q'})), 1), ElementsAre("q"));
}

TEST(Npy, WhatIsNoLabelIsNamedWithItsRow) {
  const auto wrong = [](const std::string& labels) {
    return test::refusal([&] { return classes(labels, 2); });
  };
  EXPECT_EQ(wrong(npy("<f8", "(2,)", little_all({1.0, 0.5}))).where().row, 2U);
  EXPECT_EQ(wrong(npy("<f4", "(2,)", little_all({NAN, 0.F}))).where().row, 1U);
  EXPECT_EQ(wrong(npy("<u8", "(2,)", little_all<std::uint64_t>({1, ~0ULL}))).where().row, 2U);
  EXPECT_EQ(wrong(npy("<U1", "(2,)", little_all<std::uint32_t>({'a', 0}))).where().row, 2U);
  EXPECT_EQ(wrong(npy("<U1", "(2,)", little_all<std::uint32_t>({'a', 0xD800}))).where().row, 2U);
  EXPECT_EQ(wrong(npy("<U1", "(2,)", little_all<std::uint32_t>({'a', 0x110000}))).where().row, 2U);
  EXPECT_THAT(wrong(npy("|u1", "(1, 2)", "ab")).what(), HasSubstr("one an example"));
}

TEST(Npy, ADirectoryIsReadByTheNamesOfItsFiles) {
  const test::Scratch scratch;
  (void)scratch.file("X_train.npy", npy("|u1", "(2, 1)", "ab"));
  (void)scratch.file("y_train.npy", npy("|u1", "(2,)", "\x04\x05"));
  (void)scratch.file("X_test.npy", npy("|u1", "(1, 1)", "c"));
  (void)scratch.file("y_test.npy", npy("|u1", "(1,)", "\x05"));
  (void)scratch.file("mean.npy", npy("|u1", "(1,)", "c"));
  const Source source = read_npy(scratch.path());
  EXPECT_THAT(test::classes(source.train), ElementsAre("4", "5"));
  EXPECT_THAT(test::classes(*source.test), ElementsAre("5"));
  EXPECT_THAT(source.notes, ElementsAre(HasSubstr("mean.npy is left out")));
}

TEST(Npy, AFileAloneFindsItsLabelsBesideItOrHasNone) {
  const test::Scratch scratch;
  const auto x = scratch.file("X.npy", npy("|u1", "(2, 1)", "ab"));
  const Source alone = read_npy(x);
  EXPECT_FALSE(alone.train.labelled());
  EXPECT_THAT(alone.notes, ElementsAre(HasSubstr("no labels")));
  (void)scratch.file("y.npy", npy("|S1", "(2,)", "pq"));
  EXPECT_THAT(test::classes(read_npy(x).train), ElementsAre("p", "q"));
}

TEST(Npy, EveryTruncationIsRefused) {
  const test::Scratch scratch;
  test::expect_every_prefix_refused(
      four_floats, [&](std::string_view bytes) { (void)read_npy(scratch.file("x.npy", bytes)); });
}

TEST(Npy, TrailingBytesAreRefusedWithTheirPlace) {
  const test::Scratch scratch;
  EXPECT_EQ(npy_refusal(scratch.file("x.npy", four_floats + "!")).where().byte, four_floats.size());
}

TEST(Npy, ACellThatHasNoFiniteFloatIsNamed) {
  const test::Scratch scratch;
  const Error nan =
      npy_refusal(scratch.file("x.npy", npy("<f4", "(2, 2)", little_all({1.F, 2.F, NAN, 4.F}))));
  EXPECT_EQ(nan.where().row, 2U);
  EXPECT_EQ(nan.where().column, 1U);
  EXPECT_EQ(nan.where().byte, 128 + 8U);
  EXPECT_THAT(why_not(npy("<f8", "(1, 1)", little_all({1e300}))), HasSubstr("too large"));
}

TEST(Npy, DimensionsBeyondTheFileOrBeyondAllNumbersAreRefused) {
  for (const char* dims : {"(4294967296, 4294967296)", "(18446744073709551615, 2)", "(99999999, 1)",
                           "(18446744073709551616, 1)", "(3, 18446744073709551615, 0)"})
    EXPECT_FALSE(why_not(npy("|u1", dims, "abcd")).empty()) << dims;
}

TEST(Npy, ObjectsAndRecordsAreRefusedInClearWords) {
  EXPECT_THAT(why_not(npy("|O", "(1, 1)", "abcdefgh")), HasSubstr("pickle"));
  EXPECT_THAT(why_not(npy("|O8", "(1, 1)", "abcdefgh")), HasSubstr("pickle"));
  const std::string records = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }";
  EXPECT_THAT(why_not(test::npy_with_header(records, "abcd")), HasSubstr("records"));
  EXPECT_THAT(why_not(npy("<c8", "(1, 1)", "abcdefgh")), HasSubstr("'<c8' is not read"));
  EXPECT_THAT(why_not(npy("|S2", "(1, 2)", "abcd")), HasSubstr("text"));
}

TEST(Npy, AHeaderThatIsNotTheDictionaryIsRefused) {
  for (const char* header :
       {"", "{}", "{'descr': '|u1', 'fortran_order': False}", "{'shape': (1, 1), 'shape': (1, 1)}",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (1, 1)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1, -1)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1 1)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1)} x",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1), 'more': True}",
        "{'descr': '|u1, 'fortran_order': False, 'shape': (1, 1)}",
        "{'descr': '', 'fortran_order': False, 'shape': (1, 1)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': ()}",
        "{'descr': '|u4', 'fortran_order': False, 'shape': (1, 1)}",
        "{'descr': '<S0', 'fortran_order': False, 'shape': (9999999999,)}"})
    EXPECT_FALSE(why_not(test::npy_with_header(header, "a")).empty()) << header;
}

TEST(Npy, LaterVersionsOfTheFormatAreReadAndUnknownOnesRefused) {
  const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1)}";
  for (const int version : {1, 2, 3})
    EXPECT_THAT(cells(test::npy_with_header(header, "a", version)), ElementsAre('a'));
  EXPECT_THAT(why_not(test::npy_with_header(header, "a", 4)), HasSubstr("version"));
}

TEST(Npy, ConversionThatCannotFitIsRefusedBeforeItBegins) {
  const test::Scratch scratch;
  const auto path = scratch.file("x.npy", npy("<i2", "(1000, 50)", std::string(100000, '\1')));
  EXPECT_EQ(npy_refusal(path, {.memory_limit = 200000}).kind(), ErrorKind::not_enough_memory);
  EXPECT_EQ(read_npy(path, {.memory_limit = 400000}).train.size(), 1000U);
}

}  // namespace
}  // namespace fallline::data
