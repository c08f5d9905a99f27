//! What a plan takes of each capacity, and the placing of tubes one by one: for what the shares of [`crate::testing::allot`]
//! left over, for the naive rule, and when no solver has an answer.

use crate::testing::allot::Slot;
use crate::testing::network::{Parcel, Source};
use crate::testing::problem::{Problem, Road, hours_late};
use std::collections::BTreeMap;

/// Parcels and what is left beside them.
pub(crate) struct Books<'p, 'a> {
    pub(crate) problem: &'p Problem<'a>,
    /// People that can be sampled, `[spot][hour][at_door]`, and those who still could.
    pub(crate) possible: Vec<Vec<[u64; 2]>>,
    pub(crate) free: Vec<Vec<[u64; 2]>>,
    /// Tubes that may still be loaded, `[bench][hour]` and `[bench][day]`.
    hours: Vec<Vec<u64>>,
    days: Vec<Vec<u64>>,
    /// Tubes by task, spot and hour of sampling, bench, hour of loading.
    pub(crate) sent: BTreeMap<(usize, usize, u16, usize, u16), u64>,
    /// Tubes collected before: by row, bench, hour of loading.
    pub(crate) old: BTreeMap<(usize, usize, u16), u64>,
    /// Tubes not yet sampled, by task.
    pub(crate) left: Vec<u64>,
    /// Tubes collected before and not yet loaded, by row.
    pub(crate) old_left: Vec<u64>,
}

impl<'p, 'a> Books<'p, 'a> {
    pub(crate) fn new(problem: &'p Problem<'a>, possible: &[Vec<[u64; 2]>]) -> Self {
        Self {
            problem,
            possible: possible.to_vec(),
            free: possible.to_vec(),
            hours: problem.benches.iter().map(|b| b.by_hour.clone()).collect(),
            days: problem.benches.iter().map(|b| b.by_day.clone()).collect(),
            sent: BTreeMap::new(),
            old: BTreeMap::new(),
            left: problem.tasks.iter().map(|t| t.tubes()).collect(),
            old_left: problem.waiting.iter().map(|w| w.tubes.get()).collect(),
        }
    }

    pub(crate) fn enter(&mut self, slots: &[Slot], parcels: &[Parcel]) {
        for parcel in parcels {
            match parcel.source {
                Source::Slot(k) => {
                    let slot = slots[k];
                    self.send(slot.task, slot.spot, slot.hour, parcel.bench, parcel.hour, parcel.tubes);
                }
                Source::Waiting(row) => self.load_old(row, parcel.bench, parcel.hour, parcel.tubes),
            }
        }
    }

    fn send(&mut self, task: usize, spot: usize, hour: u16, bench: usize, loaded: u16, tubes: u64) {
        let row = &self.problem.tasks[task];
        self.free[spot][usize::from(hour)][usize::from(row.at_door)] -= tubes * u64::from(row.pool);
        self.left[task] -= tubes;
        *self.sent.entry((task, spot, hour, bench, loaded)).or_default() += tubes;
        self.load(bench, loaded, tubes);
    }

    fn load_old(&mut self, row: usize, bench: usize, hour: u16, tubes: u64) {
        self.old_left[row] -= tubes;
        *self.old.entry((row, bench, hour)).or_default() += tubes;
        self.load(bench, hour, tubes);
    }

    fn load(&mut self, bench: usize, hour: u16, tubes: u64) {
        self.hours[bench][usize::from(hour)] -= tubes;
        self.days[bench][usize::from(hour) / 24] -= tubes;
    }

    /// Tubes that the bench can still load in the hour.
    pub(crate) fn room(&self, bench: usize, hour: u16) -> u64 {
        self.hours[bench][usize::from(hour)].min(self.days[bench][usize::from(hour) / 24])
    }

    /// Places what is left wherever it still fits: the most important first, where it is least late, then nearest.
    pub(crate) fn fill(&mut self) {
        for task in 0..self.problem.tasks.len() {
            if self.left[task] == 0 {
                continue;
            }
            let row = &self.problem.tasks[task];
            let mut ways = Vec::new();
            for spot in self.problem.spots_of(row) {
                for hour in row.window.from..row.window.until {
                    if self.free[spot][usize::from(hour)][usize::from(row.at_door)] < u64::from(row.pool) {
                        continue;
                    }
                    for road in self.problem.roads_from(&self.problem.spots[spot].id) {
                        let Some((_, _, first)) = self.problem.trip(road, hour) else { continue };
                        for loaded in first..self.problem.loading.until {
                            if self.room(road.bench, loaded) > 0 {
                                let result = self.problem.benches[road.bench].result(loaded);
                                let late = hours_late(result, row.due(hour));
                                ways.push((late, road.metres, loaded, hour, spot, road.bench));
                            }
                        }
                    }
                }
            }
            ways.sort_unstable();
            for (_, _, loaded, hour, spot, bench) in ways {
                self.send_at_most(task, spot, hour, bench, loaded);
            }
        }
    }

    fn send_at_most(&mut self, task: usize, spot: usize, hour: u16, bench: usize, loaded: u16) {
        let row = &self.problem.tasks[task];
        let places = self.free[spot][usize::from(hour)][usize::from(row.at_door)] / u64::from(row.pool);
        let tubes = self.left[task].min(places).min(self.room(bench, loaded));
        if tubes > 0 {
            self.send(task, spot, hour, bench, loaded, tubes);
        }
    }

    /// The naive rule: each site sends its tubes, as they come, to the nearest laboratory until that is full for good, then to the
    /// next; laboratories load in the order of arrival. What lay there before goes first.
    pub(crate) fn nearest_until_full(&mut self, slots: &[Slot]) {
        for row in 0..self.problem.waiting.len() {
            self.old_to_the_nearest(row);
        }
        let mut order: Vec<&Slot> = slots.iter().filter(|s| s.given > 0).collect();
        order.sort_by_key(|s| (s.hour, s.spot, s.task));
        for slot in order {
            let mut roads: Vec<Road> = self.problem.roads_from(&self.problem.spots[slot.spot].id).to_vec();
            roads.sort_by_key(|r| (r.metres, r.bench));
            let mut wanted = slot.given;
            for road in roads {
                let Some((_, _, first)) = self.problem.trip(&road, slot.hour) else { continue };
                for loaded in first..self.problem.loading.until {
                    let tubes = wanted.min(self.left[slot.task]).min(self.room(road.bench, loaded));
                    if tubes > 0 {
                        self.send(slot.task, slot.spot, slot.hour, road.bench, loaded, tubes);
                        wanted -= tubes;
                    }
                }
            }
        }
    }

    fn old_to_the_nearest(&mut self, row: usize) {
        let tubes = self.problem.waiting[row];
        let mut ways = Vec::new();
        if let Some(bench) = self.problem.bench_at(tubes) {
            ways.push((0, bench, self.problem.loading.from));
        }
        for road in self.problem.roads_from(&tubes.at) {
            if let Some((_, _, first)) = self.problem.trip_of_waiting(tubes, road) {
                ways.push((road.metres, road.bench, first));
            }
        }
        ways.sort_unstable();
        for (_, bench, first) in ways {
            for hour in first..self.problem.loading.until {
                let tubes = self.old_left[row].min(self.room(bench, hour));
                if tubes > 0 {
                    self.load_old(row, bench, hour, tubes);
                }
            }
        }
    }
}
