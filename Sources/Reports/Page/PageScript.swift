/// What a page does beyond being read; everything works without it. Clicks are handled at the document, so that parts of a live page
/// may come and go.
package enum PageScript {
    package static let text = """
        (()=>{const d=document,r=d.documentElement,all=s=>[...d.querySelectorAll(s)];r.classList.add('js');
        const fold=d.getElementById('fold'),pressed=()=>fold&&fold.setAttribute('aria-pressed',!all('details.code').some(x=>x.open));
        const copy=(b,c)=>navigator.clipboard&&navigator.clipboard.writeText(c.textContent).then(()=>{b.textContent='copied';setTimeout(()=>b.textContent='copy',1200)},()=>{});
        const offer=()=>all('.cell').forEach(c=>{const bar=c.querySelector('.bar');if(!bar||bar.querySelector('.copy')||!c.querySelector('details.code pre'))return;
        const b=d.createElement('button');b.type='button';b.className=b.textContent='copy';b.setAttribute('aria-label','Copy the code of '+bar.querySelector('a').textContent);bar.append(b)});
        d.addEventListener('click',e=>{const b=e.target.closest('button');if(!b)return;
        if(b.id==='theme'){const dark=r.dataset.theme?r.dataset.theme==='dark':matchMedia('(prefers-color-scheme: dark)').matches;r.dataset.theme=dark?'light':'dark'}
        else if(b===fold){const code=all('details.code'),open=code.some(x=>x.open);code.forEach(x=>x.open=!open);pressed()}
        else if(b.className==='copy')copy(b,b.closest('.cell').querySelector('details.code pre'))});
        addEventListener('beforeprint',()=>all('details').forEach(x=>x.open=true));
        let watch;const contents=()=>{watch&&watch.disconnect();const links=new Map(all('nav.toc a').map(a=>[decodeURIComponent(a.hash.slice(1)),a])),seen=new Set();
        if(!links.size||!('IntersectionObserver'in window))return;
        watch=new IntersectionObserver(es=>{es.forEach(e=>e.isIntersecting?seen.add(e.target.id):seen.delete(e.target.id));
        const id=[...links.keys()].find(k=>seen.has(k));if(id){links.forEach(a=>a.removeAttribute('aria-current'));links.get(id).setAttribute('aria-current','true')}},{rootMargin:'0px 0px -60% 0px'});
        links.forEach((_,id)=>{const h=d.getElementById(id);h&&watch.observe(h)})};
        const look=()=>{contents();pressed();offer()};look();d.addEventListener('qnb:update',look);
        all('table.sortable thead th').forEach(h=>{const b=d.createElement('button'),t=h.closest('table').tBodies[0],v=x=>x.cells[h.cellIndex].dataset.v??x.cells[h.cellIndex].textContent;b.type='button';b.append(...h.childNodes);h.append(b);
        b.addEventListener('click',()=>{const up=h.getAttribute('aria-sort')!=='ascending',k=up?1:-1;h.parentNode.querySelectorAll('th').forEach(x=>x.removeAttribute('aria-sort'));h.setAttribute('aria-sort',up?'ascending':'descending');
        t.append(...[...t.rows].sort((x,y)=>{const p=v(x),q=v(y);return k*(isNaN(p)||isNaN(q)?p.localeCompare(q):p-q)}))})});
        })()
        """
}
