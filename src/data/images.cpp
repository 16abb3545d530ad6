#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fallline/workers.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "checked_size.hpp"
#include "data/cell_memory.hpp"
#include "data/label_map.hpp"
#include "data/picture_codec.hpp"
#include "data/reader.hpp"
#include "files/listing.hpp"
#include "files/mapped_file.hpp"
#include "utf8.hpp"

namespace fallline::data {
namespace {

/// Pictures in the order of their names, each with its class.
struct Pictures {
  std::vector<std::filesystem::path> files;
  std::vector<std::string> classes;
};

/// What the headers of all pictures together say.
struct PictureSurvey {
  ImageShape shape;
  std::size_t grey = 0;
  std::size_t alpha = 0;
  std::size_t deep = 0;
};

Pictures find_pictures(const std::filesystem::path& directory, std::vector<std::string>& notes) {
  Pictures found;
  const Listing top = list_directory(directory);
  for (const std::string& file : top.files)
    notes.push_back(
        fmt::format("{} lies in no class folder and is left out", (directory / file).string()));
  for (const std::string& name : top.directories) {
    if (const auto at = first_not_utf8(name))
      throw not_utf8({.file = directory.string()}, name, *at);
    const Listing folder = list_directory(directory / name);
    if (!folder.directories.empty())
      throw bad_input({.file = (directory / name / folder.directories.front()).string()},
                      "is a folder within a class folder", "put the pictures of a class in one");
    if (folder.files.empty())
      notes.push_back(
          fmt::format("{} holds no pictures: no such class", (directory / name).string()));
    for (const std::string& file : folder.files) {
      found.files.push_back(directory / name / file);
      found.classes.push_back(name);
    }
  }
  if (found.files.empty())
    throw bad_input({.file = directory.string()}, "has no folders with pictures",
                    "put the pictures of each class in a folder of its name");
  return found;
}

PictureSurvey survey(const std::vector<std::filesystem::path>& files) {
  PictureSurvey found;
  for (const auto& file : files) {
    const PictureHeader header =
        read_picture_header(MappedFile::open(file)->bytes(), file.string());
    if (found.shape.width == 0) {
      found.shape.width = header.width;
      found.shape.height = header.height;
    }
    if (header.width != found.shape.width || header.height != found.shape.height)
      throw bad_input({.file = file.string()},
                      fmt::format("is {}x{} pixels, where {} is {}x{}", header.width, header.height,
                                  files.front().string(), found.shape.width, found.shape.height),
                      "bring all pictures to one size");
    found.grey += header.colour ? 0 : 1;
    found.alpha += header.alpha ? 1 : 0;
    found.deep += header.deep ? 1 : 0;
  }
  found.shape.channels = found.grey == files.size() ? 1 : 3;
  return found;
}

std::vector<std::string> notes_of(const PictureSurvey& found, std::size_t pictures) {
  std::vector<std::string> notes;
  const auto note = [&](std::size_t count, const char* what) {
    if (count > 0) notes.push_back(fmt::format("{} of {} pictures {}", count, pictures, what));
  };
  note(found.shape.channels == 3 ? found.grey : 0, "are grey, and become colour as the others are");
  note(found.alpha, "have transparency, which is dropped");
  note(found.deep, "have 16 bits a channel, and are brought down to 8");
  return notes;
}

/// Decodes all into one buffer. Of several errors, the first file's is thrown, whatever thread
/// met it first.
void decode_all(const std::vector<std::filesystem::path>& files, const ImageShape& shape,
                std::uint8_t* cells) {
  Workers workers;
  std::mutex mutex;
  std::size_t first_wrong = files.size();
  std::optional<Error> error;
  workers.for_each(files.size(), [&](std::size_t i) {
    try {
      decode_picture(MappedFile::open(files[i])->bytes(), files[i].string(), shape.channels,
                     {cells + i * shape.features(), shape.features()});
    } catch (const Error& wrong) {
      const std::lock_guard lock(mutex);
      if (i < first_wrong) error.emplace(wrong);
      first_wrong = std::min(i, first_wrong);
    }
  });
  if (error) throw Error(*error);
}

void require_room(const std::string& name, const ImageShape& shape, std::size_t pictures,
                  std::uint64_t memory_limit) {
  // A thread holds one picture as it comes from the decoder, and twelve bytes a pixel in it.
  const std::uint64_t pixels = std::uint64_t(shape.width) * shape.height;
  const std::uint64_t beside = (12 + shape.channels) * Workers::usable_threads();
  require_memory(product(pixels, pictures * shape.channels + beside), memory_limit, name,
                 "give fewer or smaller pictures, or allow more memory");
}

bool recognises_images(const Candidate& candidate) {
  if (!candidate.directory) return false;
  for (const std::string& folder : list_directory(candidate.path).directories) {
    const Listing listing = list_directory(candidate.path / folder);
    const auto picture = [&](const std::string& file) {
      return is_picture(MappedFile::open(candidate.path / folder / file)->bytes());
    };
    if (std::ranges::any_of(listing.files, picture)) return true;
  }
  return false;
}

Source read_images(const Candidate& candidate, const OpenOptions& options) {
  Source source{.format = "images"};
  const Pictures pictures = find_pictures(candidate.path, source.notes);
  const PictureSurvey found = survey(pictures.files);
  const std::size_t count = pictures.files.size();
  std::ranges::copy(notes_of(found, count), std::back_inserter(source.notes));
  DatasetParts parts{
      .name = candidate.path.string(), .features = found.shape.features(), .shape = found.shape};
  require_room(parts.name, found.shape, count, options.memory_limit);
  parts.storage_bytes = count * parts.features;
  const auto cells = make_cells<std::uint8_t>(parts.storage_bytes);
  decode_all(pictures.files, found.shape, cells.get());
  for (std::size_t i = 0; i < count; ++i)
    parts.rows.push_back(reinterpret_cast<const std::byte*>(cells.get() + i * parts.features));
  parts.storage.push_back(cells);
  LabelMap map = map_labels(std::span<const std::string>(pictures.classes));
  parts.labels = std::move(map.labels);
  parts.class_names = std::move(map.class_names);
  source.train = Dataset(std::move(parts));
  return source;
}

}  // namespace

const Reader images_reader{
    .name = "images",
    .description = "folders of PNG or JPEG pictures of one size, one folder a class",
    .recognises = recognises_images,
    .read = read_images,
};

}  // namespace fallline::data
