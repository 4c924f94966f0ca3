//! When it is worth looking whether a new dictionary would help a project, and at which of its events. Trains nothing.

use std::collections::HashMap;

use bytes::Bytes;

use crate::protocol::ids::ProjectId;

/// How many bytes of events, before they were packed, are enough to learn from.
const ENOUGH: usize = 2 << 20;
/// Events above this size teach little of what others have in common.
const LARGEST: usize = 128 << 10;
/// How many projects are learned from at once.
const SLOTS: usize = 4;
/// How many projects are told apart: when there are more, all begin anew.
const MAX_PROJECTS: usize = 1_000;
/// After so many events of a project it is looked again; after twice as many each time that this was in vain.
const PAUSE: u64 = 10_000;
const LONGEST_PAUSE: u64 = 640_000;

/// All projects.
#[derive(Default)]
pub(super) struct Courses(HashMap<ProjectId, Course>);

/// A project's.
#[derive(Default)]
struct Course {
    /// So many events pass first.
    wait: u64,
    /// How many passed the last time.
    paused: u64,
    /// Packed events to learn from.
    gathered: Vec<Bytes>,
    /// What they were before they were packed, in bytes.
    bytes: usize,
}

impl Courses {
    /// Sees a packed event that was `plain` bytes. Answers what to learn from when there is enough of it.
    pub(super) fn see(&mut self, project: ProjectId, body: &Bytes, plain: usize) -> Option<Vec<Bytes>> {
        if self.0.len() >= MAX_PROJECTS && !self.0.contains_key(&project) {
            self.0.clear();
        }
        let course = self.0.entry(project).or_default();
        if course.wait > 0 {
            course.wait -= 1;
            return None;
        }
        if plain > LARGEST {
            return None;
        }
        if course.gathered.is_empty() {
            self.make_room();
        }
        let course = self.0.entry(project).or_default();
        course.gathered.push(body.clone());
        course.bytes += plain;
        if course.bytes < ENOUGH {
            return None;
        }
        course.bytes = 0;
        course.paused = (course.paused * 2).clamp(PAUSE, LONGEST_PAUSE);
        course.wait = course.paused;
        Some(std::mem::take(&mut course.gathered))
    }

    /// That a new dictionary helped: the project changes, so the next look is not far.
    pub(super) fn helped(&mut self, project: ProjectId) {
        let course = self.0.entry(project).or_default();
        course.paused = 0;
        course.wait = course.wait.min(PAUSE);
    }

    /// When too many are learned from, the one with the least to learn from yet makes room.
    fn make_room(&mut self) {
        let gathering = || self.0.iter().filter(|(_, course)| !course.gathered.is_empty());
        if gathering().count() < SLOTS {
            return;
        }
        let least = gathering()
            .min_by_key(|(_, course)| course.bytes)
            .map(|(id, _)| *id);
        if let Some(course) = least.and_then(|id| self.0.get_mut(&id)) {
            course.gathered = Vec::new();
            course.bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: usize = ENOUGH / 100;

    /// After how many further events there is enough.
    fn enough_after(courses: &mut Courses, project: u64, most: usize) -> Option<usize> {
        let mut see = |_: &usize| {
            courses
                .see(ProjectId(project), &Bytes::from_static(b"x"), EVENT)
                .is_some()
        };
        (1..=most).find(|number| see(number))
    }

    #[test]
    fn a_project_is_looked_at_more_and_more_rarely_until_it_changes() {
        let mut courses = Courses::default();
        assert_eq!(enough_after(&mut courses, 1, 200), Some(101));
        assert_eq!(enough_after(&mut courses, 1, 20_000), Some(10_101));
        assert_eq!(enough_after(&mut courses, 1, 30_000), Some(20_101));
        courses.helped(ProjectId(1));
        assert_eq!(enough_after(&mut courses, 1, 30_000), Some(10_101));
    }

    #[test]
    fn many_projects_take_no_more_memory_than_a_few() {
        let mut courses = Courses::default();
        for round in 0..90 {
            for project in 0..50 {
                let all = round == 0 || project == 0;
                (0..usize::from(all))
                    .for_each(|_| drop(courses.see(ProjectId(project), &Bytes::new(), EVENT)));
            }
            let gathering = courses.0.values().filter(|it| !it.gathered.is_empty());
            assert!(gathering.count() <= SLOTS);
        }
        assert!(
            enough_after(&mut courses, 0, 100).is_some(),
            "whoever sends most is not in its way"
        );
        for project in 0..5_000 {
            courses.see(ProjectId(project), &Bytes::new(), EVENT);
        }
        assert!(courses.0.len() <= MAX_PROJECTS);
    }

    #[test]
    fn what_is_huge_is_no_example() {
        let mut courses = Courses::default();
        assert!((0..100).all(|_| courses.see(ProjectId(1), &Bytes::new(), 1 << 20).is_none()));
        assert!(courses.0[&ProjectId(1)].gathered.is_empty());
    }
}
